using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Verb.TestKit.Hosting;

/// <summary>A client's opening handshake (RFC 6455, section 4.1), as text.</summary>
internal sealed class ClientHandshake
{
    private const string KeySuffix = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private readonly string _key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(16));

    public byte[] Request(Uri uri, SocketClientOptions options)
    {
        var request = new StringBuilder()
            .Append(CultureInfo.InvariantCulture, $"GET {uri.PathAndQuery} HTTP/1.1\r\nHost: {uri.Authority}\r\n")
            .Append("Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n")
            .Append(CultureInfo.InvariantCulture, $"Sec-WebSocket-Key: {_key}\r\n");
        if (options.Subprotocols.Count > 0)
            request.Append(CultureInfo.InvariantCulture, $"Sec-WebSocket-Protocol: {string.Join(", ", options.Subprotocols)}\r\n");
        foreach (var (name, value) in options.Headers)
            request.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        return Encoding.UTF8.GetBytes(request.Append("\r\n").ToString());
    }

    /// <summary>Reads status and headers of the answer, without what follows.</summary>
    public static (int Status, Dictionary<string, string> Headers) Parse(string head)
    {
        var lines = head.Split("\r\n");
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in lines.Skip(1).Where(line => line.Length > 0))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            headers[line[..colon]] = line[(colon + 1)..].Trim();
        }

        return (int.Parse(lines[0].Split(' ')[1], CultureInfo.InvariantCulture), headers);
    }

    /// <exception cref="InvalidDataException">The server did not understand the key.</exception>
    public void Check(Dictionary<string, string> headers)
    {
#pragma warning disable CA5350 // RFC 6455 section 4.2.2 says SHA-1.
        var expected = Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(_key + KeySuffix)));
#pragma warning restore CA5350
        if (headers.GetValueOrDefault("Sec-WebSocket-Accept") != expected)
            throw new InvalidDataException("The server's Sec-WebSocket-Accept does not fit.");
    }
}

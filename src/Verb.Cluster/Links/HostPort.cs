using System.Globalization;
using System.Net;

namespace Verb.Cluster.Links;

/// <summary><c>host:port</c>, as peers are listened for and dialled: a name or an address, one of IPv6 in brackets, <c>*</c> for all.</summary>
internal static class HostPort
{
    /// <summary>Takes it apart.</summary>
    /// <exception cref="FormatException">It is not <c>host:port</c>.</exception>
    public static (string Host, int Port) Parse(string text)
    {
        var colon = text.LastIndexOf(':');
        var host = colon > 0 ? text[..colon] : "";
        if (host.StartsWith('[') && host.EndsWith(']'))
            host = host[1..^1];
        else if (host.Contains(':', StringComparison.Ordinal))
            host = "";
        if (host.Length == 0
            || !int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            || port > IPEndPoint.MaxPort)
        {
            throw new FormatException($"'{text}' is not host:port");
        }

        return (host, port);
    }

    /// <summary>Where to listen.</summary>
    /// <exception cref="FormatException">It is not <c>host:port</c>.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">The host's address cannot be found.</exception>
    public static async Task<IPEndPoint> Resolve(string text, CancellationToken cancellation)
    {
        var (host, port) = Parse(text);
        if (host == "*")
            return new IPEndPoint(IPAddress.Any, port);
        return new IPEndPoint(
            IPAddress.TryParse(host, out var address) ? address : (await Dns.GetHostAddressesAsync(host, cancellation))[0], port);
    }
}

using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Verb.Gateway.Tests.WebSockets;

/// <summary>A TCP client that speaks only what it is told to.</summary>
internal sealed class RawClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    public const string Key = "dGhlIHNhbXBsZSBub25jZQ==";

    public static async Task<RawClient> ConnectAsync(EchoServer server)
    {
        var client = new RawClient();
        await client._socket.ConnectAsync(IPAddress.Loopback, server.Port);
        return client;
    }

    public static async Task<RawClient> UpgradeAsync(EchoServer server)
    {
        var client = await ConnectAsync(server);
        await client.SendAsync(Request());
        (await client.ReadHeadAsync()).ShouldStartWith("HTTP/1.1 101 ");
        return client;
    }

    public static string Request(
        string method = "GET", string? upgrade = "websocket", string? connection = "Upgrade", string? version = "13", string? key = Key, string extra = "") =>
        $"{method} /echo HTTP/1.1\r\nHost: localhost\r\n" + Header("Upgrade", upgrade) + Header("Connection", connection)
        + Header("Sec-WebSocket-Version", version) + Header("Sec-WebSocket-Key", key) + extra + "\r\n";

    public Task SendAsync(string text) => SendAsync(Encoding.Latin1.GetBytes(text));

    public Task SendAsync(params ClientFrame[] frames) => SendAsync(Conversation.Bytes(frames));

    public async Task SendAsync(byte[] bytes)
    {
        using var cancel = new CancellationTokenSource(Patience);
        for (var sent = 0; sent < bytes.Length;)
            sent += await _socket.SendAsync(bytes.AsMemory(sent), cancel.Token);
    }

    /// <summary>The response up to the empty line; what follows it stays.</summary>
    public async Task<string> ReadHeadAsync()
    {
        var head = new StringBuilder();
        var one = new byte[1];
        using var cancel = new CancellationTokenSource(Patience);
        while (await _socket.ReceiveAsync(one, cancel.Token) == 1)
        {
            head.Append((char)one[0]);
            if (head.Length > 4 && head.ToString(head.Length - 4, 4) == "\r\n\r\n")
                break;
        }

        return head.ToString();
    }

    /// <summary>Everything up to the server's FIN. A reset throws.</summary>
    public async Task<byte[]> ReadToEndAsync()
    {
        using var all = new MemoryStream();
        var buffer = new byte[65_536];
        using var cancel = new CancellationTokenSource(Patience);
        while (true)
        {
            var read = await _socket.ReceiveAsync(buffer, cancel.Token);
            if (read == 0)
                return all.ToArray();
            all.Write(buffer, 0, read);
        }
    }

    public async Task<byte[]> ReadAsync(int bytes)
    {
        var buffer = new byte[bytes];
        using var cancel = new CancellationTokenSource(Patience);
        for (var got = 0; got < bytes;)
        {
            var read = await _socket.ReceiveAsync(buffer.AsMemory(got), cancel.Token);
            read.ShouldBeGreaterThan(0);
            got += read;
        }

        return buffer;
    }

    public void Finish() => _socket.Shutdown(SocketShutdown.Send);

    public void Reset()
    {
        _socket.LingerState = new LingerOption(enable: true, seconds: 0);
        _socket.Dispose();
    }

    public void Dispose() => _socket.Dispose();

    private static string Header(string name, string? value) => value is null ? "" : $"{name}: {value}\r\n";
}

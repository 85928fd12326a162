using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace Verb.Gateway.Tests.WebSockets;

/// <summary>A client on TCP, TLS or one stream of HTTP/2 that speaks only what it is told to.</summary>
internal sealed class RawClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Socket? _socket;
    private readonly Stream _stream;
    private readonly IDisposable? _owner;

    private RawClient(Stream stream, Socket? socket, IDisposable? owner = null)
    {
        _stream = stream;
        _socket = socket;
        _owner = owner;
    }

    public const string Key = "dGhlIHNhbXBsZSBub25jZQ==";

    public static async Task<RawClient> ConnectAsync(EchoServer server)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, server.Port);
        var stream = new NetworkStream(socket);
        if (server.CertificateName is null)
            return new RawClient(stream, socket);

        var tls = new SslStream(stream, leaveInnerStreamOpen: false, (_, certificate, _, _) => certificate?.Subject == server.CertificateName);
        await tls.AuthenticateAsClientAsync("localhost");
        return new RawClient(tls, socket);
    }

    public static async Task<RawClient> UpgradeAsync(EchoServer server, string path = "/echo")
    {
        var client = await ConnectAsync(server);
        await client.SendAsync(Request(path: path));
        (await client.ReadHeadAsync()).ShouldStartWith("HTTP/1.1 101 ");
        return client;
    }

    /// <summary>A WebSocket on a stream of HTTP/2 (RFC 8441).</summary>
    public static async Task<RawClient> ConnectHttp2Async(EchoServer server, string path = "/echo")
    {
        var invoker = new HttpMessageInvoker(new SocketsHttpHandler());
        var request = new HttpRequestMessage(HttpMethod.Connect, $"http://127.0.0.1:{server.Port}{path}")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Headers.Protocol = "websocket";
        request.Headers.Add("Sec-WebSocket-Version", "13");
        using var cancel = new CancellationTokenSource(Patience);
        var response = await invoker.SendAsync(request, cancel.Token);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        return new RawClient(await response.Content.ReadAsStreamAsync(), socket: null, invoker);
    }

    public static string Request(
        string method = "GET", string? upgrade = "websocket", string? connection = "Upgrade", string? version = "13", string? key = Key, string extra = "",
        string path = "/echo") =>
        $"{method} {path} HTTP/1.1\r\nHost: localhost\r\n" + Header("Upgrade", upgrade) + Header("Connection", connection)
        + Header("Sec-WebSocket-Version", version) + Header("Sec-WebSocket-Key", key) + extra + "\r\n";

    public Task SendAsync(string text) => SendAsync(Encoding.Latin1.GetBytes(text));

    public Task SendAsync(params ClientFrame[] frames) => SendAsync(Conversation.Bytes(frames));

    public async Task SendAsync(byte[] bytes)
    {
        using var cancel = new CancellationTokenSource(Patience);
        await _stream.WriteAsync(bytes, cancel.Token);
        await _stream.FlushAsync(cancel.Token);
    }

    /// <summary>The response up to the empty line; what follows it stays.</summary>
    public async Task<string> ReadHeadAsync()
    {
        var head = new StringBuilder();
        var one = new byte[1];
        using var cancel = new CancellationTokenSource(Patience);
        while (await _stream.ReadAsync(one, cancel.Token) == 1)
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
            var read = await _stream.ReadAsync(buffer, cancel.Token);
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
            var read = await _stream.ReadAsync(buffer.AsMemory(got), cancel.Token);
            read.ShouldBeGreaterThan(0);
            got += read;
        }

        return buffer;
    }

    public void Finish() => _socket!.Shutdown(SocketShutdown.Send);

    public void Reset()
    {
        _socket!.LingerState = new LingerOption(enable: true, seconds: 0);
        _socket.Dispose();
    }

    public void Dispose()
    {
        _stream.Dispose();
        _socket?.Dispose();
        _owner?.Dispose();
    }

    private static string Header(string name, string? value) => value is null ? "" : $"{name}: {value}\r\n";
}

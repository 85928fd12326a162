using System.Net;
using System.Net.Security;
using System.Net.WebSockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Verb.Server.Testing;
using Verb.Server.Testing.Processes;
using Verb.TestKit.Hosting;

namespace Verb.Server.Tests.Acceptance;

[Collection(ProcessCollection.Name)]
public sealed class TlsTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly ServerFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1, false)]
    [InlineData(1, true)]
    [InlineData(2, false)]
    [InlineData(2, true)]
    public async Task Sockets_work_over_tls_with_a_certificate_from_kestrels_own_settings(int http, bool compressed)
    {
        await using var server = await ServerProcess.StartAsync(_folder, [.. Endpoint()]);
        server.Address.Scheme.ShouldBe("https");
        using var socket = new ClientWebSocket();
        socket.Options.HttpVersion = new Version(http, http == 1 ? 1 : 0);
        socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        socket.Options.AddSubProtocol("verb.v1");
        if (compressed)
            socket.Options.DangerousDeflateOptions = new WebSocketDeflateOptions();
        using var handler = TrustingHandler();
        using var invoker = new HttpMessageInvoker(handler);
        await socket.ConnectAsync(new UriBuilder(server.Address) { Scheme = "wss", Path = "/ws" }.Uri, invoker, default).WaitAsync(Deadline);

        socket.SubProtocol.ShouldBe("verb.v1");
        (await Receive(socket)).GetProperty("type").GetString().ShouldBe("connected");
        await Send(socket, """{"type":"join_room","roomId":"hall","echo":true,"id":"1"}""");
        await Until(socket, "message_history");
        var text = new string('é', 5_000);
        await Send(socket, JsonSerializer.Serialize(new { type = "chat", roomId = "hall", message = text, id = "2" }));
        (await Until(socket, "chat")).GetProperty("message").GetString().ShouldBe(text);

        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "bye", default).WaitAsync(Deadline);
        socket.CloseStatus.ShouldBe(WebSocketCloseStatus.NormalClosure);
        await Eventually.Be(() => ConnectionsAsync(server, handler), count => count == 0);
    }

    [Fact]
    public async Task A_drain_reaches_clients_over_http_2()
    {
        await using var server = await ServerProcess.StartAsync(_folder, [.. Endpoint(), "--Verb:Drain:Grace=0"]);
        using var socket = new ClientWebSocket();
        socket.Options.HttpVersion = HttpVersion.Version20;
        socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        using var handler = TrustingHandler();
        using var invoker = new HttpMessageInvoker(handler);
        await socket.ConnectAsync(new UriBuilder(server.Address) { Scheme = "wss", Path = "/ws" }.Uri, invoker, default).WaitAsync(Deadline);
        await Until(socket, "connected");

        server.Send(Signal.Terminate);
        await Until(socket, "server_shutdown");
        var last = await socket.ReceiveAsync(new byte[1024], default).WaitAsync(Deadline);
        last.MessageType.ShouldBe(WebSocketMessageType.Close);
        ((int)socket.CloseStatus!).ShouldBe(1001);
        await socket.CloseOutputAsync(WebSocketCloseStatus.EndpointUnavailable, "", default).WaitAsync(Deadline);
        (await server.ExitAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Urls_and_kestrels_endpoints_together_listen_where_kestrels_settings_say()
    {
        await using var server = await ServerProcess.StartAsync(_folder, [.. Endpoint(), "--Kestrel:Endpoints:Plain:Url=http://127.0.0.1:0"]);
        await server.Output.Line(line => line.StartsWith("Verb listens on https://", StringComparison.Ordinal)).WaitAsync(Deadline);
        var plain = await server.Output.Line(line => line.StartsWith("Verb listens on http://", StringComparison.Ordinal)).WaitAsync(Deadline);
        var address = new Uri(plain.Split(' ')[3].TrimEnd(':'));
        await using var client = await SocketClient.ConnectAsync(new UriBuilder(address) { Scheme = "ws", Path = "/ws" }.Uri);
        await client.ExpectAsync("connected");
    }

    [Theory]
    [InlineData("hub.crt", "missing.key")]
    [InlineData("missing.crt", "hub.key")]
    [InlineData("hub.key", "hub.crt")]
    public async Task A_certificate_that_cannot_be_read_is_refused_with_one_line(string certificate, string key)
    {
        Certificates.Create(_folder.Root);
        await using var server = ServerProcess.Launch(_folder,
            "--Kestrel:Endpoints:Https:Url=https://127.0.0.1:0",
            $"--Kestrel:Endpoints:Https:Certificate:Path={Path.Combine(_folder.Root, certificate)}",
            $"--Kestrel:Endpoints:Https:Certificate:KeyPath={Path.Combine(_folder.Root, key)}");
        (await server.ExitAsync()).ShouldBe(1, $"{server.Output}\n{server.Errors}");
        server.Errors.ToString().Trim().Split('\n').Length.ShouldBe(1, server.Errors.ToString());
        server.Errors.ToString().ShouldNotContain("   at ");
    }

    private IEnumerable<string> Endpoint()
    {
        var (certificate, key) = Certificates.Create(_folder.Root);
        return
        [
            "--Kestrel:Endpoints:Https:Url=https://127.0.0.1:0",
            $"--Kestrel:Endpoints:Https:Certificate:Path={certificate}",
            $"--Kestrel:Endpoints:Https:Certificate:KeyPath={key}",
        ];
    }

    /// <summary>Trusts the generated certificate and no other.</summary>
    private SocketsHttpHandler TrustingHandler()
    {
        var certificate = X509CertificateLoader.LoadCertificateFromFile(Path.Combine(_folder.Root, "hub.crt"));
        return new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions
            {
                RemoteCertificateValidationCallback = (_, presented, _, _) => presented is not null && certificate.Equals(presented),
            },
        };
    }

    private static async Task<int> ConnectionsAsync(ServerProcess server, SocketsHttpHandler handler)
    {
        using var http = new HttpClient(handler, disposeHandler: false);
        using var status = JsonDocument.Parse(await http.GetByteArrayAsync(new Uri(server.Address, "/api/status")));
        return status.RootElement.GetProperty("connections").GetInt32();
    }

    private static Task Send(ClientWebSocket socket, string text) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, default).WaitAsync(Deadline);

    private static async Task<JsonElement> Until(ClientWebSocket socket, string type)
    {
        JsonElement message;
        do
            message = await Receive(socket);
        while (message.GetProperty("type").GetString() != type);
        return message;
    }

    private static async Task<JsonElement> Receive(ClientWebSocket socket)
    {
        using var whole = new MemoryStream();
        var buffer = new byte[16 * 1024];
        WebSocketReceiveResult part;
        do
        {
            part = await socket.ReceiveAsync(buffer, default).WaitAsync(Deadline);
            part.MessageType.ShouldBe(WebSocketMessageType.Text);
            whole.Write(buffer, 0, part.Count);
        }
        while (!part.EndOfMessage);
        using var document = JsonDocument.Parse(whole.ToArray());
        return document.RootElement.Clone();
    }
}

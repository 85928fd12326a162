using Verb.Gateway.WebSockets.Handshake;

namespace Verb.Gateway.Tests.WebSockets;

public class OpeningHandshakeTests
{
    [Fact]
    public void The_key_of_the_rfc_gives_its_accept_value() =>
        WebSocketHandshake.Accept(RawClient.Key).ShouldBe("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");

    [Fact]
    public async Task A_good_request_is_answered_with_101_and_nothing_it_did_not_offer()
    {
        var head = await AnswerAsync(RawClient.Request());
        head.ShouldStartWith("HTTP/1.1 101 ");
        head.ShouldContain("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n");
        head.ShouldContain("Upgrade: websocket\r\n");
        head.ShouldContain("Connection: Upgrade\r\n");
        head.ShouldNotContain("Sec-WebSocket-Extensions");
        head.ShouldNotContain("Sec-WebSocket-Protocol");
    }

    [Fact]
    public async Task Header_lists_are_searched_and_cases_ignored() =>
        (await AnswerAsync(RawClient.Request(upgrade: "h2c, WebSocket", connection: "keep-alive, UPGRADE"))).ShouldStartWith("HTTP/1.1 101 ");

    [Fact]
    public async Task Deflate_is_answered() =>
        (await AnswerAsync(RawClient.Request(extra: "Sec-WebSocket-Extensions: foo\r\nSec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n")))
            .ShouldContain("Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover; client_no_context_takeover\r\n");

    [Theory]
    [InlineData(null, "Upgrade")]
    [InlineData("websocket", null)]
    [InlineData("h2c", "Upgrade")]
    [InlineData("websocket", "close")]
    public async Task A_request_that_is_no_upgrade_is_answered_with_400(string? upgrade, string? connection) =>
        (await AnswerAsync(RawClient.Request(upgrade: upgrade, connection: connection))).ShouldStartWith("HTTP/1.1 400 ");

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("dGhlIHNhbXBsZSBub25jZQ=")]
    [InlineData("dGhlIHNhbXBsZSBub25jZSE=")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("!!!!!!!!!!!!!!!!!!!!!!==")]
    public async Task A_bad_key_is_answered_with_400(string? key) =>
        (await AnswerAsync(RawClient.Request(key: key))).ShouldStartWith("HTTP/1.1 400 ");

    [Fact]
    public async Task Two_keys_are_answered_with_400() =>
        (await AnswerAsync(RawClient.Request(extra: $"Sec-WebSocket-Key: {RawClient.Key}\r\n"))).ShouldStartWith("HTTP/1.1 400 ");

    [Theory]
    [InlineData(null)]
    [InlineData("8")]
    [InlineData("13, 8")]
    [InlineData("x")]
    public async Task Another_version_is_answered_with_426_and_the_one_spoken(string? version)
    {
        var head = await AnswerAsync(RawClient.Request(version: version));
        head.ShouldStartWith("HTTP/1.1 426 ");
        head.ShouldContain("Sec-WebSocket-Version: 13\r\n");
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("PUT")]
    public async Task Another_method_is_refused(string method) =>
        (await AnswerAsync(RawClient.Request(method, extra: "Content-Length: 0\r\n"))).ShouldMatch("^HTTP/1.1 40[05] ");

    [Theory]
    [InlineData("")]
    [InlineData("Sec-WebSocket-Extensions: permessage-deflate\r\n")]
    [InlineData("Origin: http://localhost\r\n")]
    public async Task Http_1_0_is_no_way_in(string extra)
    {
        await using var server = await EchoServer.StartAsync();
        using var client = await RawClient.ConnectAsync(server);
        await client.SendAsync(RawClient.Request(extra: extra).Replace("HTTP/1.1", "HTTP/1.0", StringComparison.Ordinal));
        var answer = System.Text.Encoding.ASCII.GetString(await client.ReadToEndAsync());
        answer.ShouldStartWith("HTTP/1.1 400 ");
        answer.ShouldContain("need HTTP/1.1");
    }

    [Fact]
    public async Task Malformed_extensions_are_answered_with_400() =>
        (await AnswerAsync(RawClient.Request(extra: "Sec-WebSocket-Extensions: permessage-deflate;;\r\n"))).ShouldStartWith("HTTP/1.1 400 ");

    [Fact]
    public async Task A_slow_handshake_is_cut()
    {
        await using var server = await EchoServer.StartAsync(configure: k => k.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(1));
        using var client = await RawClient.ConnectAsync(server);
        await client.SendAsync("GET /echo HTTP/1.1\r\nHost: localhost\r\nUpgrade: websock");
        System.Text.Encoding.ASCII.GetString(await client.ReadToEndAsync()).ShouldStartWith("HTTP/1.1 408 ");
    }

    private static async Task<string> AnswerAsync(string request)
    {
        await using var server = await EchoServer.StartAsync();
        using var client = await RawClient.ConnectAsync(server);
        await client.SendAsync(request);
        return await client.ReadHeadAsync();
    }
}

using Verb.Gateway.Handshake;
using Verb.Gateway.Settings;

namespace Verb.Gateway.Tests.Handshake;

public sealed class ResponseHeadersTests
{
    [Theory]
    [InlineData("X-WebSocket-Server", "Verb")]
    [InlineData("Set-Cookie", "a=b; HttpOnly")]
    [InlineData("X-Empty", "")]
    [InlineData("X-Tab", "a\tb")]
    public void A_header_of_one_line_is_allowed(string name, string value) => ResponseHeaders.Check(name, value);

    [Theory]
    [InlineData("", "a")]
    [InlineData("X Y", "a")]
    [InlineData("X:Y", "a")]
    [InlineData("X\r\nY", "a")]
    [InlineData("Ünicode", "a")]
    [InlineData("X-A", "a\r\nSet-Cookie: b")]
    [InlineData("X-A", "a\nb")]
    [InlineData("X-A", "a\rb")]
    [InlineData("X-A", "a\0b")]
    [InlineData("X-A", "\u007f")]
    [InlineData("X-A", "ü")]
    [InlineData("X-A", null)]
    [InlineData("Connection", "close")]
    [InlineData("upgrade", "h2c")]
    [InlineData("Content-Length", "5")]
    [InlineData("Transfer-Encoding", "chunked")]
    [InlineData("Sec-WebSocket-Accept", "x")]
    [InlineData("sec-websocket-protocol", "x")]
    public void Injection_and_the_handshakes_own_headers_are_refused(string name, string? value) =>
        Should.Throw<ArgumentException>(() => ResponseHeaders.Check(name, value!)).Message.ShouldNotContain("Set-Cookie: b");

    [Fact]
    public void A_route_is_checked_when_it_is_mapped()
    {
        Should.Throw<ArgumentException>(() => Check(new VerbRouteOptions { Headers = new Dictionary<string, string> { ["X-A"] = "a\nb" } }));
        Should.Throw<ArgumentException>(() => Check(new VerbRouteOptions { Subprotocols = ["a b"] }));
        Should.Throw<ArgumentException>(() => Check(new VerbRouteOptions { Subprotocols = ["bearer.x"] }));
        Check(new VerbRouteOptions { Subprotocols = ["chat-v2"], Headers = new Dictionary<string, string> { ["X-A"] = "a" } });

        static void Check(VerbRouteOptions route) => route.Check(new AuthOptions(), hostVerifiesTokens: false);
    }

    [Theory]
    [InlineData(101)]
    [InlineData(200)]
    [InlineData(600)]
    [InlineData(-1)]
    public void A_refusal_with_a_status_that_is_none_is_a_mistake_of_the_host(int status) =>
        Should.Throw<ArgumentOutOfRangeException>(() => HandshakeResult.Refuse(status));

    [Fact]
    public void A_refusal_with_an_injected_header_is_a_mistake_of_the_host() =>
        Should.Throw<ArgumentException>(() => HandshakeResult.Refuse(401, "no", new Dictionary<string, string> { ["X-A"] = "a\r\nb" }));
}

using Verb.Gateway.Handshake;

namespace Verb.Gateway.Tests.Handshake;

public sealed class OriginRuleTests
{
    [Theory]
    [InlineData("http://example.com", "http", "example.com")]
    [InlineData("http://example.com", "http", "example.com:80")]
    [InlineData("http://example.com:80", "http", "example.com")]
    [InlineData("https://example.com", "https", "example.com:443")]
    [InlineData("https://example.com", "https", "example.com")]
    [InlineData("https://example.com", "http", "example.com")]
    [InlineData("http://EXAMPLE.com:3000", "http", "example.COM:3000")]
    [InlineData("http://[::1]:3000", "http", "[::1]:3000")]
    [InlineData("http://[0:0:0:0:0:0:0:1]:3000", "http", "[::1]:3000")]
    [InlineData("http://127.0.0.1:3000", "http", "127.0.0.1:3000")]
    [InlineData("https://xn--bcher-kva.example", "https", "xn--bcher-kva.example")]
    [InlineData("http://xn--bcher-kva.example:3000", "http", "XN--Bcher-kva.example:3000")]
    [InlineData("https://chat.xn--e1afmkfd.xn--p1ai", "http", "chat.xn--e1afmkfd.xn--p1ai")]
    [InlineData("https://xn--fa-hia.example", "https", "xn--fa-hia.example")]
    [InlineData("https://xn--ls8h.example", "https", "xn--ls8h.example")]
    [InlineData("https://xn--a.example", "https", "xn--a.example")]
    public void The_hubs_own_host_and_port_may_connect(string origin, string scheme, string host) =>
        OriginRule.IsAllowed([origin], scheme, host, []).ShouldBeTrue();

    [Theory]
    [InlineData("http://evil.com", "http", "example.com")]
    [InlineData("http://example.com.evil.com", "http", "example.com")]
    [InlineData("http://example.com:8080", "http", "example.com")]
    [InlineData("http://example.com", "http", "example.com:3000")]
    [InlineData("http://example.com", "https", "example.com")]
    [InlineData("http://localhost:3000", "http", "127.0.0.1:3000")]
    [InlineData("http://[::1]:3000", "http", "[::2]:3000")]
    [InlineData("null", "http", "example.com")]
    [InlineData("", "http", "example.com")]
    [InlineData("example.com", "http", "example.com")]
    [InlineData("//example.com", "http", "example.com")]
    [InlineData("http://", "http", "example.com")]
    [InlineData("http://example.com/", "http", "example.com")]
    [InlineData("http://example.com/path", "http", "example.com")]
    [InlineData("http://example.com?q", "http", "example.com")]
    [InlineData("http://user@example.com", "http", "example.com")]
    [InlineData("http://evil.com\\@example.com", "http", "example.com")]
    [InlineData("http://example.com http://evil.com", "http", "example.com")]
    [InlineData("http://example.com:99999", "http", "example.com")]
    [InlineData("chrome-extension://example.com", "http", "example.com")]
    [InlineData("file:///", "http", "example.com")]
    [InlineData("http://example.com", "http", "")]
    [InlineData("http://exämple.com", "http", "exämple.com")]
    [InlineData("https://bücher.example", "https", "xn--bcher-kva.example")]
    [InlineData("https://xn--bcher-kva.example", "https", "bcher-kva.example")]
    [InlineData("https://xn--fa-hia.example", "https", "fass.example")]
    [InlineData("https://xn--bcher-kva.example", "https", "xn--bcher-kvb.example")]
    public void Any_other_origin_is_refused(string origin, string scheme, string host) =>
        OriginRule.IsAllowed([origin], scheme, host, []).ShouldBeFalse();

    [Fact]
    public void A_missing_origin_is_allowed_and_two_are_not()
    {
        OriginRule.IsAllowed([], "http", "example.com", []).ShouldBeTrue();
        OriginRule.IsAllowed(["http://example.com", "http://example.com"], "http", "example.com", []).ShouldBeFalse();
    }

    [Theory]
    [InlineData("https://app.example", "https://app.example")]
    [InlineData("https://app.example:443", "https://APP.example")]
    [InlineData("chrome-extension://abcdef", "chrome-extension://abcdef")]
    [InlineData("null", "null")]
    [InlineData("https://xn--bcher-kva.example", "https://xn--bcher-kva.example")]
    [InlineData("https://whatever.example", "*")]
    [InlineData("null", "*")]
    public void A_listed_origin_is_allowed(string origin, string entry) =>
        OriginRule.IsAllowed([origin], "http", "hub", [entry]).ShouldBeTrue();

    [Theory]
    [InlineData("http://app.example", "https://app.example")]
    [InlineData("https://app.example:8443", "https://app.example")]
    [InlineData("https://sub.app.example", "https://app.example")]
    [InlineData("null", "https://app.example")]
    public void An_origin_that_only_resembles_a_listed_one_is_refused(string origin, string entry) =>
        OriginRule.IsAllowed([origin], "http", "hub", [entry]).ShouldBeFalse();

    [Fact]
    public void Whatever_comes_as_an_origin_gets_an_answer()
    {
        var random = new Random(7);
        const string Alphabet = "htps:/.@[]%0a9?#\\ \tné\0*-_,";
        for (var i = 0; i < 10_000; i++)
        {
            var origin = (random.Next(2) == 0 ? "http://" : "") + new string([.. Enumerable.Range(0, random.Next(20)).Select(_ => Alphabet[random.Next(Alphabet.Length)])]);
            OriginRule.IsAllowed([origin], "http", "hub.example:3000", ["https://x.example"]).ShouldBeFalse(origin);
        }
    }
}

using Microsoft.AspNetCore.Http;
using Verb.Gateway.Auth;

namespace Verb.Gateway.Tests.Auth;

public sealed class TokenSourcesTests
{
    private readonly HttpRequest _request = new DefaultHttpContext().Request;

    [Fact]
    public void Without_a_token_there_is_none()
    {
        TokenSources.Token(_request).IsMissing.ShouldBeTrue();
        TokenSources.Session(_request).ShouldBeNull();
    }

    [Theory]
    [InlineData("Bearer abc", "abc")]
    [InlineData("bearer  abc ", "abc")]
    [InlineData("BEARER abc", "abc")]
    public void A_token_comes_in_the_authorization_header(string header, string token)
    {
        _request.Headers.Authorization = header;
        TokenSources.Token(_request).Value.ShouldBe(token);
    }

    [Theory]
    [InlineData("Basic dTpw")]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData("Bearerabc")]
    [InlineData("")]
    public void Another_scheme_or_an_empty_token_is_none(string header)
    {
        _request.Headers.Authorization = header;
        TokenSources.Token(_request).IsMissing.ShouldBeTrue();
    }

    [Fact]
    public void A_token_comes_in_the_query()
    {
        _request.QueryString = new QueryString("?a=1&token=a%2Eb.c");
        TokenSources.Token(_request).Value.ShouldBe("a.b.c");
        _request.QueryString = new QueryString("?token=");
        TokenSources.Token(_request).IsMissing.ShouldBeTrue();
    }

    [Fact]
    public void A_token_and_a_session_come_as_subprotocols_on_any_line()
    {
        _request.Headers.SecWebSocketProtocol = new(["verb.v1, bearer.a.b.c", "session.xyz"]);
        TokenSources.Token(_request).Value.ShouldBe("a.b.c");
        TokenSources.Session(_request).ShouldBe("xyz");
    }

    [Fact]
    public void A_session_comes_in_the_query()
    {
        _request.QueryString = new QueryString("?session=xyz");
        TokenSources.Session(_request).ShouldBe("xyz");
    }

    [Fact]
    public void The_same_token_from_several_sources_is_one()
    {
        _request.Headers.Authorization = "Bearer a.b.c";
        _request.QueryString = new QueryString("?token=a.b.c&token=a.b.c");
        _request.Headers.SecWebSocketProtocol = "bearer.a.b.c";
        TokenSources.Token(_request).Value.ShouldBe("a.b.c");
    }

    [Theory]
    [InlineData("Bearer a", "?token=b", "")]
    [InlineData("", "?token=a&token=b", "")]
    [InlineData("", "?token=a", "bearer.b")]
    [InlineData("", "", "bearer.a, bearer.b")]
    public void Different_tokens_are_ambiguous_and_none_is_taken(string header, string query, string subprotocols)
    {
        _request.Headers.Authorization = header;
        _request.QueryString = new QueryString(query);
        _request.Headers.SecWebSocketProtocol = subprotocols;

        var token = TokenSources.Token(_request);

        token.IsAmbiguous.ShouldBeTrue();
        token.IsMissing.ShouldBeFalse();
        token.Value.ShouldBeNull();
    }

    [Fact]
    public void Different_sessions_are_none()
    {
        _request.QueryString = new QueryString("?session=a");
        _request.Headers.SecWebSocketProtocol = "session.b";
        TokenSources.Session(_request).ShouldBeNull();
    }

    [Fact]
    public void A_presented_token_does_not_show_itself()
    {
        new PresentedToken("hunter2", false).ToString().ShouldNotContain("hunter2");
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("?", "")]
    [InlineData("?a=1", "?a=1")]
    [InlineData("?token=x", "")]
    [InlineData("?a=1&token=x&b=%20&session=y&c", "?a=1&b=%20&c")]
    [InlineData("?TOKEN=x&a=1", "?a=1")]
    [InlineData("?%74oken=x&a=1", "?a=1")]
    [InlineData("?tokens=1", "?tokens=1")]
    [InlineData("?token", "")]
    [InlineData("?token=x&token=y", "")]
    public void A_query_is_shown_without_token_and_session(string query, string shown) =>
        QueryRedaction.WithoutSecrets(new QueryString(query)).ShouldBe(shown);
}

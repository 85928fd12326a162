using Verb.Contracts;
using Verb.Gateway.Auth;

namespace Verb.Gateway.Tests.Auth;

public sealed class HandshakeAuthTests
{
    private static readonly ClientIdentity Client = new("6f1c3f0e-9a2b-4c8d-8e7f-0123456789ab", "session", false);
    private static readonly PresentedToken None = new(null, false);
    private static readonly PresentedToken Good = new("good", false);
    private static readonly PresentedToken Bad = new("bad", false);
    private static readonly PresentedToken Two = new(null, true);

    [Fact]
    public async Task An_anonymous_route_does_not_look_at_tokens()
    {
        foreach (var token in new[] { None, Good, Bad, Two })
            (await Decide(AuthMode.Anonymous, token)).ShouldBeOfType<AuthOutcome.Known>().Identity.ShouldBeEquivalentTo(Client.Anonymous);
    }

    [Fact]
    public async Task An_optional_route_takes_no_token_a_good_one_and_fails_a_bad_one()
    {
        (await Decide(AuthMode.Optional, None)).ShouldBeOfType<AuthOutcome.Known>().Identity.IsAnonymous.ShouldBeTrue();
        (await Decide(AuthMode.Optional, Good)).ShouldBeOfType<AuthOutcome.Known>().Identity.User.Id.Value.ShouldBe("ada");
        (await Decide(AuthMode.Optional, Bad)).ShouldBeOfType<AuthOutcome.Failed>().Message.ShouldBe("no");
        (await Decide(AuthMode.Optional, Two)).ShouldBeOfType<AuthOutcome.Failed>().Message.ShouldBe(PresentedToken.AmbiguousRefusal);
    }

    [Fact]
    public async Task A_required_route_awaits_a_missing_token_and_fails_a_bad_one()
    {
        (await Decide(AuthMode.Required, None)).ShouldBeOfType<AuthOutcome.Awaited>();
        (await Decide(AuthMode.Required, Good)).ShouldBeOfType<AuthOutcome.Known>();
        (await Decide(AuthMode.Required, Bad)).ShouldBeOfType<AuthOutcome.Failed>();
        (await Decide(AuthMode.Required, Two)).ShouldBeOfType<AuthOutcome.Failed>();
    }

    [Fact]
    public async Task A_handshake_route_refuses_a_missing_and_a_bad_token_before_the_upgrade()
    {
        (await Decide(AuthMode.Handshake, None)).ShouldBeOfType<AuthOutcome.Unauthorized>().Message.ShouldBe("Authentication required");
        (await Decide(AuthMode.Handshake, Good)).ShouldBeOfType<AuthOutcome.Known>();
        (await Decide(AuthMode.Handshake, Bad)).ShouldBeOfType<AuthOutcome.Unauthorized>().Message.ShouldBe("no");
        (await Decide(AuthMode.Handshake, Two)).ShouldBeOfType<AuthOutcome.Unauthorized>();
    }

    private static ValueTask<AuthOutcome> Decide(AuthMode mode, PresentedToken token) =>
        HandshakeAuth.Decide(mode, token, Client, new TwoTokens(), default);

    private sealed class TwoTokens : ITokenVerifier
    {
        public ValueTask<TokenResult> Verify(string token, CancellationToken cancellation) => ValueTask.FromResult(token == "good"
            ? TokenResult.Accept(new Identity(new User(new UserId("ada"), "Ada", "user"), ["user"], null))
            : TokenResult.Refuse("no"));
    }
}

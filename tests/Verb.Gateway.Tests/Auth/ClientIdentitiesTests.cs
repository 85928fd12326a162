using Verb.Gateway.Auth;
using Verb.TestKit.Time;

namespace Verb.Gateway.Tests.Auth;

public sealed class ClientIdentitiesTests
{
    private readonly ManualClock _clock = new();
    private readonly Random _random = new(1);

    [Fact]
    public void A_new_client_gets_a_random_uuid_and_a_session_that_keeps_it()
    {
        var identities = Identities();

        var first = identities.Identify(null);
        var again = identities.Identify(first.Session);
        var other = identities.Identify(null);

        first.Resumed.ShouldBeFalse();
        Guid.Parse(first.ClientId).Version.ShouldBe(4);
        again.Resumed.ShouldBeTrue();
        again.ClientId.ShouldBe(first.ClientId);
        other.ClientId.ShouldNotBe(first.ClientId);
    }

    [Fact]
    public void A_session_that_is_invalid_or_expired_is_a_new_client()
    {
        var identities = Identities();
        var first = identities.Identify(null);
        _clock.Advance(SessionTokens.Lifetime);

        identities.Identify(first.Session).ClientId.ShouldNotBe(first.ClientId);
        identities.Identify("forged").Resumed.ShouldBeFalse();
    }

    [Fact]
    public void Each_connect_prolongs_the_session()
    {
        var identities = Identities();
        var client = identities.Identify(null);
        for (var day = 0; day < 5; day++)
        {
            _clock.Advance(TimeSpan.FromHours(23));
            client = identities.Identify(client.Session);
            client.Resumed.ShouldBeTrue();
        }
    }

    [Fact]
    public void The_anonymous_user_is_the_client_and_keeps_its_guest_name()
    {
        var identities = Identities();
        var client = identities.Identify(null);

        var user = client.Anonymous.User;

        user.Id.Value.ShouldBe(client.ClientId);
        user.Username.ShouldMatch("^guest-[0-9a-f]{4}$");
        user.Role.ShouldBe("anonymous");
        identities.Identify(client.Session).Anonymous.User.ShouldBe(user);
        client.ToString().ShouldNotContain(client.Session);
    }

    private ClientIdentities Identities() => new(new SessionTokens(new byte[32], _clock), _random.NextBytes);
}

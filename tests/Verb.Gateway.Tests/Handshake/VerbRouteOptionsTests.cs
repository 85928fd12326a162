using Verb.Actors.Connections;
using Verb.Gateway.Auth;
using Verb.Gateway.Handshake;
using Verb.Gateway.Settings;

namespace Verb.Gateway.Tests.Handshake;

public sealed class VerbRouteOptionsTests
{
    [Theory]
    [InlineData(8)]
    [InlineData(16)]
    public void A_route_set_up_in_code_keeps_the_ranges_of_the_settings(int windowBits)
    {
        Refused(new VerbRouteOptions { Socket = new SocketOptions { ServerMaxWindowBits = windowBits } }).Key.ShouldBe("Verb:Socket:ServerMaxWindowBits");
        Refused(new VerbRouteOptions { Socket = new SocketOptions { ClientMaxWindowBits = windowBits } }).Key.ShouldBe("Verb:Socket:ClientMaxWindowBits");
        Refused(new VerbRouteOptions { Limits = new LimitOptions { MaxMessageBytes = windowBits } }).Key.ShouldBe("Verb:Limits:MaxMessageBytes");
        new VerbRouteOptions().Check(new AuthOptions(), hostVerifiesTokens: false);
    }

    [Fact]
    public void A_routes_origins_and_authentication_keep_the_rules_of_the_settings()
    {
        Refused(new VerbRouteOptions { Socket = new SocketOptions { AllowedOrigins = ["https://a.example", "example.com"] } }).Message
            .ShouldBe("Verb:Socket:AllowedOrigins = \"example.com\": must be an origin such as https://example.com, null or *");
        Refused(new VerbRouteOptions { AuthTimeout = TimeSpan.FromSeconds(-5) }).Key.ShouldBe("Verb:Auth:Timeout");
        Refused(new VerbRouteOptions { Mode = (AuthMode)9 }).Key.ShouldBe("Verb:Auth:Mode");
    }

    [Theory]
    [InlineData(AuthMode.Optional)]
    [InlineData(AuthMode.Required)]
    [InlineData(AuthMode.Handshake)]
    public void A_route_that_looks_at_tokens_needs_a_key_or_the_hosts_own_verifier(AuthMode mode)
    {
        var route = new VerbRouteOptions { Mode = mode };
        Refused(route).Message.ShouldEndWith("needs Verb:Auth:Secret or Verb:Auth:PublicKeyFile");
        route.Check(new AuthOptions { Secret = new string('s', 32) }, hostVerifiesTokens: false);
        route.Check(new AuthOptions(), hostVerifiesTokens: true);
    }

    private static VerbSettingsException Refused(VerbRouteOptions route) =>
        Should.Throw<VerbSettingsException>(() => route.Check(new AuthOptions(), hostVerifiesTokens: false));
}

using Verb.Actors.Connections;
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
        new VerbRouteOptions().Check();
    }

    private static VerbSettingsException Refused(VerbRouteOptions route) => Should.Throw<VerbSettingsException>(route.Check);
}

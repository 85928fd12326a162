using System.Net;
using Verb.Gateway.Limits;

namespace Verb.Gateway.Tests.Limits;

public sealed class AddressLimitTests
{
    private static readonly IPAddress Here = IPAddress.Parse("192.0.2.1");
    private static readonly IPAddress There = IPAddress.Parse("2001:db8::1");

    [Fact]
    public void Each_address_has_its_own_count_and_is_forgotten_at_zero()
    {
        var limit = new AddressLimit(2);

        limit.TryEnter(Here).ShouldBeTrue();
        limit.TryEnter(Here).ShouldBeTrue();
        limit.TryEnter(Here).ShouldBeFalse();
        limit.TryEnter(There).ShouldBeTrue();
        limit.AddressCount.ShouldBe(2);
        limit.Leave(Here);
        limit.TryEnter(Here).ShouldBeTrue();
        limit.Leave(Here);
        limit.Leave(Here);
        limit.Leave(There);

        limit.AddressCount.ShouldBe(0);
    }

    [Fact]
    public void An_ipv4_address_is_the_same_over_ipv6()
    {
        var limit = new AddressLimit(1);
        limit.TryEnter(Here).ShouldBeTrue();
        limit.TryEnter(Here.MapToIPv6()).ShouldBeFalse();
        limit.Leave(Here.MapToIPv6());
        limit.AddressCount.ShouldBe(0);
    }

    [Theory]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", true)]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:3::1", false)]
    [InlineData("fe80::1%2", "fe80::2%3", true)]
    [InlineData("::ffff:192.0.2.1", "::ffff:192.0.2.2", false)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    public void Ipv6_addresses_of_one_network_count_together(string first, string second, bool together)
    {
        var limit = new AddressLimit(1);
        limit.TryEnter(IPAddress.Parse(first)).ShouldBeTrue();
        limit.TryEnter(IPAddress.Parse(second)).ShouldBe(!together);
        limit.Leave(IPAddress.Parse(first));
        limit.TryEnter(IPAddress.Parse(second)).ShouldBe(together);
        limit.Leave(IPAddress.Parse(second));
        limit.AddressCount.ShouldBe(0);
    }

    [Fact]
    public void Zero_is_unlimited_and_remembers_nothing()
    {
        var limit = new AddressLimit(0);
        Enumerable.Range(0, 1000).ShouldAllBe(_ => limit.TryEnter(Here));
        limit.AddressCount.ShouldBe(0);
        limit.Leave(Here);
    }

    [Fact]
    public void A_transport_without_addresses_is_not_limited()
    {
        var limit = new AddressLimit(1);
        limit.TryEnter(null).ShouldBeTrue();
        limit.TryEnter(null).ShouldBeTrue();
        limit.Leave(null);
    }
}

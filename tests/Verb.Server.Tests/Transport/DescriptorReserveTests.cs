using Verb.Gateway.Limits;
using Verb.Server.Transport;

namespace Verb.Server.Tests.Transport;

public sealed class DescriptorReserveTests
{
    [Theory]
    [InlineData(10_000, 200, 10_000 - DescriptorLimit.Reserve)]
    [InlineData(420, 200, 420 - 55)] // A quarter of what there is for connections.
    [InlineData(204, 200, 203)]
    [InlineData(100, 200, 100)]
    public void The_last_numbers_are_kept_back(int limit, int open, int first)
    {
        var reserve = new DescriptorReserve(limit, open);
        reserve.Holds(first - 1).ShouldBeFalse();
        reserve.Holds(first).ShouldBeTrue();
    }

    [Fact]
    public void Whether_one_is_left_is_seen_by_taking_it()
    {
        new DescriptorReserve(1_000_000, 0).LeavesOne().ShouldBeTrue();
        new DescriptorReserve(1, 0).LeavesOne().ShouldBeFalse(); // Standard input, output and error are taken.
    }

    [Fact]
    public void Without_a_limit_nothing_is_kept_back()
    {
        var reserve = new DescriptorReserve(null, 0);
        reserve.Holds(int.MaxValue).ShouldBeFalse();
        reserve.LeavesOne().ShouldBeTrue();
    }
}

using Verb.Gateway.Limits;
using Verb.Gateway.Tests.Hosting;

namespace Verb.Gateway.Tests.Limits;

public sealed class DescriptorLimitTests
{
    private readonly ListLog _log = new();

    [Theory]
    [InlineData(1_024, 161, 800)]
    [InlineData(420, 225, 10_000)]
    [InlineData(10, 225, 1)]
    public void Too_few_for_the_connections_that_are_allowed_is_a_warning(int limit, int open, int connections)
    {
        DescriptorLimit.Check(limit, open, connections, _log);
        _log.Lines.ShouldHaveSingleItem().ShouldContain($"may have {limit} files and sockets open (ulimit -n); Verb:Limits:Connections = {connections} needs {open + connections + DescriptorLimit.Reserve}");
    }

    [Theory]
    [InlineData(1_024L, 160, 800)]
    [InlineData(420L, 225, 0)]
    [InlineData(null, 225, 10_000)]
    public void Enough_of_them_and_no_limit_at_all_are_none(long? limit, int open, int connections)
    {
        DescriptorLimit.Check(limit, open, connections, _log);
        _log.Lines.ShouldBeEmpty();
    }

    [Fact]
    public void The_limit_that_holds_is_the_soft_one()
    {
        string[] rows = ["Limit                     Soft Limit           Hard Limit           Units     ", "Max open files            1024                 524288               files     "];
        DescriptorLimit.Parse(rows).ShouldBe(1_024);
        DescriptorLimit.Parse(["Max open files            unlimited            unlimited            files     "]).ShouldBeNull();
        DescriptorLimit.Parse(["Max processes             1                    1                    processes "]).ShouldBeNull();
    }
}

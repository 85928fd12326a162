using Verb.Actors.Policies;

namespace Verb.Actors.Tests.Policies;

public sealed class PolicyTableTests
{
    private readonly PolicyTable<string> _table = new([("staff/log", "log"), ("staff/*", "staff"), ("s*", "s")], "otherwise");

    [Theory]
    [InlineData("staff/log", "log")]
    [InlineData("staff/x", "staff")]
    [InlineData("stage", "s")]
    [InlineData("lobby", "otherwise")]
    [InlineData("", "otherwise")]
    public void The_first_pattern_that_matches_holds(string name, string policy) => _table.For(name).ShouldBe(policy);

    [Fact]
    public void An_empty_table_has_one_policy_for_everything() => new PolicyTable<int>([], 7).For("any").ShouldBe(7);
}

using Verb.Actors.Policies;

namespace Verb.Actors.Tests.Policies;

public sealed class PolicyTableTests
{
    [Theory]
    [InlineData("*", "", true)]
    [InlineData("*", "a/b", true)]
    [InlineData("", "", true)]
    [InlineData("", "a", false)]
    [InlineData("staff", "staff", true)]
    [InlineData("staff", "Staff", false)]
    [InlineData("staff", "staff2", false)]
    [InlineData("staff*", "staff/2", true)]
    [InlineData("?taff", "staff", true)]
    [InlineData("?", "", false)]
    [InlineData("a*b*c", "a-b-b-c", true)]
    [InlineData("a*b*c", "a-c-b", false)]
    [InlineData("*.*", "x", false)]
    [InlineData("**", "x", true)]
    [InlineData("a?c*", "abc", true)]
    [InlineData("[a]", "[a]", true)]
    public void A_pattern_matches_the_whole_name(string pattern, string name, bool expected) =>
        new Glob(pattern).IsMatch(name).ShouldBe(expected);

    [Fact]
    public void A_hostile_pattern_is_answered_at_once() =>
        new Glob(string.Concat(Enumerable.Repeat("*a", 50)) + "b").IsMatch(new string('a', 200)).ShouldBeFalse();

    [Fact]
    public void The_first_pattern_that_matches_holds_and_the_last_row_holds_for_the_rest()
    {
        var table = new PolicyTable<int>([("staff-*", 1), ("*-private", 2), ("staff-x", 3)], 9);
        table.For("staff-private").ShouldBe(1);
        table.For("staff-x").ShouldBe(1);
        table.For("my-private").ShouldBe(2);
        table.For("lobby").ShouldBe(9);
    }
}

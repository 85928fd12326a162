using System.Diagnostics;
using System.Text.RegularExpressions;
using Verb.Actors.Policies;

namespace Verb.Actors.Tests.Policies;

public sealed class GlobTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("*", "")]
    [InlineData("*", "a/b/c")]
    [InlineData("lobby", "lobby")]
    [InlineData("staff/*", "staff/")]
    [InlineData("staff/*", "staff/a/b")]
    [InlineData("*/log", "a/b/log")]
    [InlineData("a*b*c", "aXbYc")]
    [InlineData("a*b*c", "abcbc")]
    [InlineData("?", "a")]
    [InlineData("a?c", "a/c")]
    [InlineData("**", "x")]
    [InlineData("*?", "x")]
    [InlineData("[a]", "[a]")]
    [InlineData("a.b", "a.b")]
    public void A_name_that_fits_matches(string pattern, string name) => new Glob(pattern).IsMatch(name).ShouldBeTrue();

    [Theory]
    [InlineData("", "a")]
    [InlineData("?", "")]
    [InlineData("?", "ab")]
    [InlineData("lobby", "Lobby")]
    [InlineData("lobby", "lobby2")]
    [InlineData("staff/*", "staff")]
    [InlineData("*/log", "log")]
    [InlineData("a.b", "axb")]
    [InlineData("a*b", "ac")]
    [InlineData("*?", "")]
    public void A_name_that_does_not_fit_does_not(string pattern, string name) => new Glob(pattern).IsMatch(name).ShouldBeFalse();

    [Fact]
    public void It_agrees_with_the_regular_expression_of_the_same_meaning()
    {
        var random = new Random(11);
        for (var i = 0; i < 20_000; i++)
        {
            var pattern = Draw(random, "ab/*?", 8);
            var name = Draw(random, "ab/", 10);
            var regex = "^" + Regex.Escape(pattern).Replace("\\*", ".*", StringComparison.Ordinal).Replace("\\?", ".", StringComparison.Ordinal) + "\\z";
            new Glob(pattern).IsMatch(name).ShouldBe(Regex.IsMatch(name, regex, RegexOptions.Singleline), $"'{pattern}' over '{name}'");
        }
    }

    [Fact]
    public void A_hostile_pattern_and_name_take_no_exponential_time()
    {
        var pattern = new Glob(string.Concat(Enumerable.Repeat("a*", 100)) + "b");
        var watch = Stopwatch.StartNew();

        pattern.IsMatch(new string('a', 200)).ShouldBeFalse();

        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(5));
    }

    private static string Draw(Random random, string alphabet, int most) =>
        new([.. Enumerable.Range(0, random.Next(most)).Select(_ => alphabet[random.Next(alphabet.Length)])]);
}

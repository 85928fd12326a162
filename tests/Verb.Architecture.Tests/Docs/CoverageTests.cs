using System.Text.RegularExpressions;

namespace Verb.Architecture.Tests.Docs;

/// <summary>The coverage page has every row of the checklist once, and the tests it names exist.</summary>
public sealed partial class CoverageTests
{
    private const int Rows = 138;

    private static readonly string[][] Table =
        [.. Page.At("docs/coverage.md").Rows().Where(row => int.TryParse(row[0], out _))];

    [Fact]
    public void Every_row_stands_once() => Table.Select(row => row[0]).ShouldBe(Enumerable.Range(1, Rows).Select(row => $"{row}"));

    [Fact]
    public void Every_row_says_what_it_is_here_and_how_it_is_shown()
    {
        foreach (var row in Table)
        {
            row.Length.ShouldBe(4, $"row {row[0]}");
            row[2].ShouldNotBeEmpty($"row {row[0]}");
            (row[3].StartsWith('`') || row[3] is "to come" || row[3].StartsWith("to come;", StringComparison.Ordinal))
                .ShouldBeTrue($"row {row[0]} names no test: {row[3]}");
        }
    }

    [Fact]
    public void Every_test_that_is_named_exists()
    {
        var tests = Tests();
        foreach (var row in Table)
        {
            foreach (Match named in CSharpTests().Matches(row[3]))
                tests.Contains(named.Groups[1].Value).ShouldBeTrue($"row {row[0]} names {named.Groups[1].Value}, which is no test");
            foreach (Match named in JavaScriptTests().Matches(row[3]))
                SourceTree.Read($"tests/browser/{named.Groups["file"].Value}").ShouldContain($"'{named.Groups["name"].Value}'", Case.Sensitive, $"row {row[0]}");
        }
    }

    /// <summary>Class.method of every test in the source, abstract contracts included.</summary>
    private static HashSet<string> Tests()
    {
        HashSet<string> tests = [];
        foreach (var file in SourceTree.CSharp("tests"))
        {
            var text = File.ReadAllText(file);
            if (Class().Match(text) is not { Success: true } type)
                continue;
            foreach (Match method in Method().Matches(text))
                tests.Add($"{type.Groups[1].Value}.{method.Groups[1].Value}");
        }

        return tests;
    }

    [GeneratedRegex(@"`([A-Z]\w+\.[A-Z]\w+)`")]
    private static partial Regex CSharpTests();

    [GeneratedRegex(@"`(?<file>[\w-]+\.test\.js): (?<name>[^`]+)`")]
    private static partial Regex JavaScriptTests();

    [GeneratedRegex(@"public (?:sealed |abstract |partial )*class (\w+)")]
    private static partial Regex Class();

    [GeneratedRegex(@"\[(?:Fact|Theory|Property|SkippableFact)[^\]]*\](?:\s*\[.*\])*\s*public (?:static )?(?:async )?[\w<>]+ (\w+)\(")]
    private static partial Regex Method();
}

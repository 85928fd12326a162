using System.Text.RegularExpressions;

namespace Verb.Architecture.Tests.Docs;

/// <summary>Every C# block of a page names the compiled file that it was taken from, and says the same.</summary>
public sealed partial class SnippetTests
{
    public static TheoryData<string> Pages => [.. Page.All.Select(page => page.Path)];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_block_of_code_is_compiled(string path)
    {
        var page = Page.At(path);
        var blocks = Blocks().Matches(page.Text);
        blocks.Count.ShouldBe(Starts().Count(page.Text), $"{path} has a block of C# without a line <!-- snippet: file#name --> before it");
        foreach (Match block in blocks)
            block.Groups["code"].Value.Trim().ShouldBe(Source(block.Groups["source"].Value), $"{path}: {block.Groups["source"].Value}");
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_package_named_has_the_version_that_is_tested(string path)
    {
        var versions = SourceTree.Read("Directory.Packages.props");
        foreach (Match package in Packages().Matches(Page.At(path).Text))
            versions.ShouldContain($"<PackageVersion {package.Groups["named"].Value} />");
    }

    private static string Source(string source)
    {
        var parts = source.Split('#');
        var text = SourceTree.Read(parts[0]).TrimStart('\uFEFF');
        return parts.Length == 1 ? text.Trim() : Region(text, parts[1]) ?? throw new InvalidOperationException($"There is no region {source}.");
    }

    /// <summary>What stands between <c>// begin name</c> and <c>// end name</c>, moved to the left margin.</summary>
    private static string? Region(string text, string name)
    {
        var lines = text.Split('\n').Select(line => line.TrimEnd()).ToList();
        var begin = lines.FindIndex(line => line.Trim() == $"// begin {name}");
        var end = lines.FindIndex(line => line.Trim() == $"// end {name}");
        if (begin < 0 || end < begin)
            return null;
        var region = lines[(begin + 1)..end];
        var margin = region.Where(line => line.Length > 0).Min(line => line.Length - line.TrimStart().Length);
        return string.Join('\n', region.Select(line => line.Length == 0 ? line : line[margin..])).Trim();
    }

    [GeneratedRegex(@"<!-- snippet: (?<source>\S+) -->\n```csharp\n(?<code>.*?)\n```", RegexOptions.Singleline)]
    private static partial Regex Blocks();

    [GeneratedRegex("<PackageReference (?<named>[^>]+) />")]
    private static partial Regex Packages();

    [GeneratedRegex("^```csharp$", RegexOptions.Multiline)]
    private static partial Regex Starts();
}

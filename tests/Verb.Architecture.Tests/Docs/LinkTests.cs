using System.Text.RegularExpressions;

namespace Verb.Architecture.Tests.Docs;

public sealed partial class LinkTests
{
    public static TheoryData<string> Pages => [.. Page.All.Select(page => page.Path)];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_relative_link_leads_somewhere(string path)
    {
        foreach (Match link in Links().Matches(Page.At(path).Text))
        {
            var target = link.Groups["target"].Value;
            if (target.Contains("://", StringComparison.Ordinal))
                continue;
            var file = target.Length == 0 ? path : Path.Combine(Path.GetDirectoryName(path)!, target);
            var full = Path.GetFullPath(Path.Combine(SourceTree.Root, file));
            (File.Exists(full) || Directory.Exists(full)).ShouldBeTrue($"{path} links to {target}, which is not there");
            if (link.Groups["anchor"].Value is { Length: > 0 } anchor)
                Page.At(Path.GetRelativePath(SourceTree.Root, full)).Anchors().ShouldContain(anchor, $"{path} links to #{anchor} of {file}");
        }
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_file_named_in_code_marks_is_there(string path)
    {
        foreach (Match named in SourceFiles().Matches(Page.At(path).Text))
        {
            var full = Path.Combine(SourceTree.Root, named.Groups[1].Value);
            (File.Exists(full) || Directory.Exists(full)).ShouldBeTrue($"{path} names {named.Groups[1].Value}, which is not there");
        }
    }

    [GeneratedRegex(@"\]\((?<target>[^)#\s]*)(?:#(?<anchor>[^)\s]+))?\)")]
    private static partial Regex Links();

    [GeneratedRegex(@"`((?:src|tests|samples|bench|docs)/[A-Za-z0-9_./{}-]+)`")]
    private static partial Regex SourceFiles();
}

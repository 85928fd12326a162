using System.Text;
using System.Text.RegularExpressions;

namespace Verb.Architecture.Tests.Docs;

/// <summary>One page of the documentation.</summary>
internal sealed partial record Page(string Path, string Text)
{
    private static readonly string[] Roots = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"];

    public static IReadOnlyList<Page> All { get; } =
    [
        .. Roots.Concat(Directory
                .EnumerateFiles(System.IO.Path.Combine(SourceTree.Root, "docs"), "*.md", SearchOption.AllDirectories)
                .Select(file => System.IO.Path.GetRelativePath(SourceTree.Root, file)))
            .Order(StringComparer.Ordinal)
            .Select(At),
    ];

    public static Page At(string path) => new(path, SourceTree.Read(path));

    /// <summary>The rows of every table, as cells without the row of dashes.</summary>
    public IEnumerable<string[]> Rows() => Text.Split('\n')
        .Where(line => line.StartsWith('|') && !line.StartsWith("| ---", StringComparison.Ordinal))
        .Select(line => line.Trim().Trim('|').Replace("\\|", "\u0001", StringComparison.Ordinal)
            .Split('|').Select(cell => cell.Trim().Replace('\u0001', '|')).ToArray());

    /// <summary>The anchors that links may name: the headings as GitHub writes them.</summary>
    public IEnumerable<string> Anchors() => Headings().Matches(Text).Select(match => Anchor(match.Groups[1].Value));

    private static string Anchor(string heading)
    {
        var anchor = new StringBuilder();
        foreach (var c in heading.Trim().ToLowerInvariant())
        {
            if (char.IsLetterOrDigit(c) || c is '-' or '_')
                anchor.Append(c);
            else if (c == ' ')
                anchor.Append('-');
        }

        return anchor.ToString();
    }

    [GeneratedRegex("^#{1,6} (.+)$", RegexOptions.Multiline)]
    private static partial Regex Headings();
}

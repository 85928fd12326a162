namespace Verb.Gateway.Settings;

/// <summary>Which known name was probably meant: the one with the fewest edits away, upper and lower case being the same.</summary>
internal static class NearestName
{
    public static string Of(string name, IEnumerable<string> known) => known.MinBy(candidate => Edits(name, candidate))!;

    /// <summary>The same, where the names are alike: at most a third of the letters differ, or one. Null where none was meant.</summary>
    public static string? Like(string name, IEnumerable<string> known) =>
        Of(name, known) is var nearest && Edits(name, nearest) <= Math.Max(1, nearest.Length / 3) ? nearest : null;

    private static int Edits(string left, string right)
    {
        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var substitution = diagonal + (char.ToUpperInvariant(left[i - 1]) == char.ToUpperInvariant(right[j - 1]) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substitution, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}

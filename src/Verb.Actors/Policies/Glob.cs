namespace Verb.Actors.Policies;

/// <summary>A case-sensitive pattern over names: <c>*</c> is any run of characters, <c>/</c> too; <c>?</c> is one character.</summary>
public sealed class Glob
{
    private readonly string _pattern;

    /// <summary>Takes a pattern; every string is one.</summary>
    public Glob(string pattern) => _pattern = pattern;

    /// <summary>Whether the whole of <paramref name="name"/> matches. Takes time linear in the name for each <c>*</c>, never exponential.</summary>
    public bool IsMatch(ReadOnlySpan<char> name)
    {
        int p = 0, n = 0, star = -1, resume = 0;
        while (n < name.Length)
        {
            if (p < _pattern.Length && _pattern[p] == '*')
            {
                star = p++;
                resume = n;
            }
            else if (p < _pattern.Length && (_pattern[p] == '?' || _pattern[p] == name[n]))
            {
                p++;
                n++;
            }
            else if (star >= 0)
            {
                p = star + 1;
                n = ++resume;
            }
            else
            {
                return false;
            }
        }

        while (p < _pattern.Length && _pattern[p] == '*')
            p++;
        return p == _pattern.Length;
    }

    /// <inheritdoc/>
    public override string ToString() => _pattern;
}

namespace Verb.Actors.Policies;

/// <summary>Policies tried in order; the first whose pattern matches a name holds, the last one holds for every name.</summary>
/// <typeparam name="TPolicy">The policy: a room's, a topic's.</typeparam>
public sealed class PolicyTable<TPolicy>
{
    private readonly (Glob Match, TPolicy Policy)[] _rows;
    private readonly TPolicy _otherwise;

    /// <summary>Makes a table.</summary>
    /// <param name="rows">The policies with their patterns, first come first tried.</param>
    /// <param name="otherwise">What holds where no pattern matches.</param>
    public PolicyTable(IEnumerable<(string Match, TPolicy Policy)> rows, TPolicy otherwise)
    {
        _rows = [.. rows.Select(row => (new Glob(row.Match), row.Policy))];
        _otherwise = otherwise;
    }

    /// <summary>The policy of <paramref name="name"/>.</summary>
    public TPolicy For(string name)
    {
        foreach (var (match, policy) in _rows)
        {
            if (match.IsMatch(name))
                return policy;
        }

        return _otherwise;
    }
}

namespace Verb.Storage.Postgres;

/// <summary>Which works are done by one statement. Pure.</summary>
internal static class PostgresBatch
{
    /// <summary>
    /// Groups works of one kind, in the order to be done: a room or user comes once in a group, and its next work in a later one.
    /// </summary>
    public static IReadOnlyList<IReadOnlyList<PostgresWork>> Group(IReadOnlyList<PostgresWork> works)
    {
        var rounds = new Dictionary<string, int>(works.Count);
        var groups = new List<(int Round, PostgresStatement Statement, List<PostgresWork> Works)>();
        foreach (var work in works)
        {
            var round = rounds[work.Key] = rounds.GetValueOrDefault(work.Key) + 1;
            var group = groups.FindLastIndex(one => one.Round == round && one.Statement == work.Statement);
            if (group < 0)
            {
                group = groups.Count;
                groups.Add((round, work.Statement, []));
            }

            groups[group].Works.Add(work);
        }

        return [.. groups.OrderBy(group => group.Round).Select(group => group.Works)];
    }
}

using System.Collections.Concurrent;

namespace Verb.Gateway.Hosting;

/// <summary>How many connections ended with each close code. Safe for concurrent use.</summary>
internal sealed class CloseCounts
{
    private readonly ConcurrentDictionary<ushort, long> _counts = new();

    /// <summary>The codes seen so far.</summary>
    public IEnumerable<KeyValuePair<ushort, long>> All => _counts;

    public void Count(ushort code) => _counts.AddOrUpdate(code, 1, static (_, count) => count + 1);
}

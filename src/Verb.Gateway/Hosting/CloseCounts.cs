using System.Collections.Concurrent;
using System.Globalization;

namespace Verb.Gateway.Hosting;

/// <summary>
/// How many connections ended with each close code. Clients may close with any code of 3000 to 4999: what is neither RFC 6455's nor the hub's
/// own is counted together, so that no client makes metrics grow. Safe for concurrent use.
/// </summary>
internal sealed class CloseCounts
{
    public const string Other = "other";

    private const ushort AnyOther = 0;

    private readonly ConcurrentDictionary<ushort, long> _counts = new();

    /// <summary>The codes seen so far, and <see cref="Other"/>.</summary>
    public IEnumerable<KeyValuePair<string, long>> All => _counts.Select(pair => KeyValuePair.Create(
        pair.Key == AnyOther ? Other : pair.Key.ToString(CultureInfo.InvariantCulture), pair.Value));

    public void Count(ushort code) => _counts.AddOrUpdate(IsKnown(code) ? code : AnyOther, 1, static (_, count) => count + 1);

    private static bool IsKnown(ushort code) => code is >= 1000 and <= 1015 or >= 4001 and <= 4005;
}

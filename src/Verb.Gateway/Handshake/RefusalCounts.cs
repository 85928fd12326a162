using Verb.Gateway.Settings;

namespace Verb.Gateway.Handshake;

/// <summary>How many handshakes were refused, by cause. Safe for concurrent use.</summary>
internal sealed class RefusalCounts
{
    private static readonly RefusalCause[] Causes = Enum.GetValues<RefusalCause>();

    private readonly long[] _counts = new long[Causes.Length];

    /// <summary>Every cause, those that never came among them.</summary>
    public IEnumerable<KeyValuePair<string, long>> All =>
        Causes.Select(cause => KeyValuePair.Create(EnumNames.Of(cause), Volatile.Read(ref _counts[(int)cause])));

    public void Count(RefusalCause cause) => Interlocked.Increment(ref _counts[(int)cause]);
}

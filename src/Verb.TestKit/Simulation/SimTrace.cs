using System.Globalization;

namespace Verb.TestKit.Simulation;

/// <summary>Everything that happened in a run, as a hash, and as lines where they are wanted. The same seed gives the same hash.</summary>
/// <param name="keepLines">Whether to keep the lines.</param>
internal sealed class SimTrace(bool keepLines)
{
    private const ulong Prime = 1099511628211;

    private readonly List<string> _lines = [];

    /// <summary>The hash of what happened so far.</summary>
    public ulong Hash { get; private set; } = 14695981039346656037;

    /// <summary>How many things happened.</summary>
    public long Count { get; private set; }

    /// <summary>Whether lines are kept.</summary>
    public bool KeepsLines => keepLines;

    /// <summary>What happened, line by line.</summary>
    public IReadOnlyList<string> Lines => _lines;

    /// <summary>Something happened.</summary>
    /// <param name="now">When, in ticks since the start.</param>
    /// <param name="who">To whom.</param>
    /// <param name="what">What.</param>
    /// <param name="detail">More of it, as bytes.</param>
    public void Add(long now, string who, string what, ReadOnlySpan<byte> detail = default)
    {
        Count++;
        Mix((ulong)now);
        Mix(who);
        Mix(what);
        foreach (var b in detail)
            Mix(b);
        if (keepLines)
            _lines.Add(string.Create(CultureInfo.InvariantCulture, $"{now / 10_000.0,10:F1} {who,-8} {what} {System.Text.Encoding.UTF8.GetString(detail)}"));
    }

    private void Mix(string text)
    {
        foreach (var c in text)
            Mix(c);
    }

    private void Mix(ulong value) => Hash = (Hash ^ value) * Prime;
}

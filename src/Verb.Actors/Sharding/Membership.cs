namespace Verb.Actors.Sharding;

/// <summary>What a node knows of its cluster, for those who only look: health, status, metrics.</summary>
internal sealed class Membership(TimeProvider clock)
{
    private IReadOnlyList<NodeRow> _nodes = [];
    private long _leaseFrom;
    private TimeSpan _lease;

    /// <summary>The nodes, this one among them, by name.</summary>
    public IReadOnlyList<NodeRow> Nodes => Volatile.Read(ref _nodes);

    /// <summary>Whether the node's lease holds by its own clock, counted from before the last renewal was sent.</summary>
    public bool HasLease => _lease > TimeSpan.Zero && clock.GetElapsedTime(Volatile.Read(ref _leaseFrom)) < _lease;

    /// <summary>How old the lease is.</summary>
    public TimeSpan LeaseAge => clock.GetElapsedTime(Volatile.Read(ref _leaseFrom));

    internal void Renewed(long sentAt, TimeSpan lease)
    {
        Volatile.Write(ref _leaseFrom, sentAt);
        _lease = lease;
    }

    internal void Expelled() => _lease = TimeSpan.Zero;

    internal void Are(IEnumerable<NodeRow> nodes) =>
        Volatile.Write(ref _nodes, [.. nodes.OrderBy(node => node.Id.Value, StringComparer.Ordinal)]);
}

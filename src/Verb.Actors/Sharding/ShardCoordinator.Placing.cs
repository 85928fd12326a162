namespace Verb.Actors.Sharding;

/// <summary>Where shards go: what this node claims and gives, and what it learns of others' shards.</summary>
internal sealed partial class ShardCoordinator
{
    /// <summary>How long entities may take to write what is under way before a shard is given away.</summary>
    private static readonly TimeSpan RetireTime = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan RetirePoll = TimeSpan.FromMilliseconds(10);

    private HashSet<int> _moving = [];
    private NodeId _movingTo;
    private long _retireSince;

    private void Place()
    {
        if (_mustDrain && !_isMarkedDraining)
        {
            Ask(Mark(), static _ => new CoordinatorMessage.MarkedDraining());
            return;
        }

        var me = new NodeRow(self, _incarnation, options.Address, _mustDrain, Expired: false);
        var plan = ShardPlan.Of(self, [me, .. _peers.Values], table, _linked);
        if (plan.Claims.Count > 0 && _mayClaim)
        {
            _mayClaim = false;
            Ask(options.Directory.Claim(plan.Claims, CancellationToken.None), static rows => new CoordinatorMessage.Claimed(rows));
            return;
        }

        if (plan.HandOvers.Count > 0)
        {
            var (target, shards) = plan.HandOvers.OrderBy(pair => pair.Key.Value, StringComparer.Ordinal).First();
            BeginHandOver(target, shards);
            return;
        }

        if (!_mustDrain)
            return;

        if (table.HeldCount > 0 && _peers.Values.Any(peer => !peer.Draining && !peer.Expired))
            return; // A node that takes shards is there, but not linked yet.

        // What is still here has nowhere to go.
        EndAll(_draining);
        if (_mustLeave)
            Leave();

        async ValueTask<bool> Mark()
        {
            await options.Directory.SetDraining(true, CancellationToken.None);
            return true;
        }
    }

    private void Learn(IReadOnlyList<ShardRow> rows)
    {
        var moved = new HashSet<int>();
        var lost = new HashSet<int>();
        var taken = new List<ShardRow>();
        foreach (var row in rows)
        {
            var entry = table[row.Shard];
            if (row.Term < entry.Term || (row.Term == entry.Term && entry.State is ShardState.Held or ShardState.Elsewhere))
                continue;
            if (row.Term == entry.Term && entry.State == ShardState.Unowned)
            {
                // The owner's earlier life was found dead after its next one had told that it owns the shard.
                if (row.Owner is { } peer && _peers.ContainsKey(peer) && table.Learn(row))
                    moved.Add(row.Shard);
                continue;
            }

            if (row.Term == entry.Term)
            {
                // A hand-over that failed: the shard is taken back with a new term, so that everyone knows that something may be lost.
                if (row.Owner == self && !_moving.Contains(row.Shard))
                    lost.Add(row.Shard);
                continue;
            }

            if (row.Owner == self)
            {
                taken.Add(row);
                continue;
            }

            if (entry.State is ShardState.Held or ShardState.Moving)
                lost.Add(row.Shard);
            _moving.Remove(row.Shard);
            table.Learn(row);
            if (row.Owner is { } owner && !_peers.ContainsKey(owner))
                _renewDue = true; // A node this one has not heard of yet, or one that is gone again.
            moved.Add(row.Shard);
        }

        foreach (var shard in lost.Where(shard => table[shard].State is ShardState.Held or ShardState.Moving))
            table.Lose(shard);
        if (lost.Count > 0)
            holder.Release(lost);
        if (moved.Count > 0)
            holder.Moved(moved);
        if (taken.Count == 0)
            return;
        Take(taken);
        _renewDue = true; // Who gave them may be draining: what this node knows of its peers is older than that.
    }

    private void Take(IReadOnlyList<ShardRow> rows)
    {
        if (rows.Count == 0)
            return;
        var held = rows.Where(row => row.Term >= table[row.Shard].Term).ToArray();
        holder.Hold(held);
        Announce(held);
        holder.Moved(held.Select(row => row.Shard).ToHashSet());
    }

    private void Announce(IReadOnlyList<ShardRow> rows)
    {
        foreach (var peer in _linked.OrderBy(node => node.Value, StringComparer.Ordinal))
            options.Links.Send(peer, new NodeMessage.Owners(rows));
    }

    private void BeginHandOver(NodeId target, IReadOnlyList<int> shards)
    {
        _moving = [.. shards];
        _movingTo = target;
        foreach (var shard in _moving)
            table.BeginMove(shard);
        holder.Retire(_moving);
        _retireSince = hub.Clock.GetTimestamp();
        OnRetiring();
    }

    private void OnRetiring()
    {
        if (_moving.Count == 0)
            return;
        if (_busy || (holder.AnyAlive(_moving) && hub.Clock.GetElapsedTime(_retireSince) < RetireTime))
        {
            Timers.StartSingleTimer(nameof(CoordinatorMessage.RetireOver), new CoordinatorMessage.RetireOver(), RetirePoll);
            return;
        }

        holder.Release(_moving);
        var rows = _moving.Order().Select(shard => new ShardRow(shard, self, table[shard].Term)).ToArray();
        var target = _movingTo;
        Ask(
            options.Directory.HandOver(rows, target, CancellationToken.None),
            given => new CoordinatorMessage.HandedOver(target, given));
    }

    private void OnHandedOver(CoordinatorMessage.HandedOver handed)
    {
        var given = handed.Shards;
        foreach (var row in given)
            _moving.Remove(row.Shard);
        var kept = _moving.ToArray();
        _moving = [];
        foreach (var shard in kept)
        {
            if (table[shard].State == ShardState.Moving)
                _renewDue = true; // Not given: the directory says next whose it is.
        }

        if (given.Count == 0)
            return;
        foreach (var row in given)
            table.Learn(row);
        Announce(given);
        holder.Moved(given.Select(row => row.Shard).ToHashSet());
    }
}

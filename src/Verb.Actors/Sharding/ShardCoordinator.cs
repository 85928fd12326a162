using Verb.Actors.Kernel;

namespace Verb.Actors.Sharding;

/// <summary>
/// Keeps a node in the cluster: renews its lease, finds dead peers, takes the shards that belong here and gives those that belong elsewhere. It
/// asks the directory for one thing at a time, and believes the directory and terms, never the clock of a peer.
/// </summary>
internal sealed class ShardCoordinator(
    NodeId self, ClusterOptions options, ShardTable table, Membership membership, IShardHolder holder, INodeLinkEvents linkEvents)
    : Actor<CoordinatorMessage>
{
    /// <summary>How long entities may take to write what is under way before a shard is given away.</summary>
    private static readonly TimeSpan RetireTime = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan RetirePoll = TimeSpan.FromMilliseconds(10);

    /// <summary>When the directory is asked again after it failed.</summary>
    private static readonly TimeSpan RetryTime = TimeSpan.FromMilliseconds(250);

    /// <summary>When a peer whose link ended is judged again, and how often before only the renewals do.</summary>
    private static readonly TimeSpan SuspicionTime = TimeSpan.FromMilliseconds(100);
    private const int SuspicionTimes = 8;

    private readonly Dictionary<NodeId, NodeRow> _peers = [];
    private readonly HashSet<NodeId> _linked = [];
    private readonly HashSet<NodeId> _toJudge = [];
    private readonly List<TaskCompletionSource> _joining = [];
    private readonly List<TaskCompletionSource> _draining = [];
    private readonly List<TaskCompletionSource> _leaving = [];
    private HashSet<int> _moving = [];
    private NodeId _movingTo;
    private long _retireSince;
    private bool _busy;
    private bool _renewDue;
    private bool _isRestarted;
    private bool _isMember;
    private bool _hasView;

    /// <summary>What the directory did not let this node have is not asked for again before something has changed.</summary>
    private bool _mayClaim;
    private bool _mustDrain;
    private bool _isMarkedDraining;
    private bool _mustLeave;
    private long _incarnation;

    /// <summary>After a failure nothing it knew is trusted: it drops what it holds and comes back as another life.</summary>
    protected internal override ValueTask OnStart()
    {
        if (_isRestarted)
        {
            _incarnation = -1;
            OnExpelled();
        }

        return ValueTask.CompletedTask;
    }

    protected internal override void OnRestart(Exception cause) => _isRestarted = true;

    protected internal override ValueTask OnReceive(CoordinatorMessage message)
    {
        switch (message)
        {
            case CoordinatorMessage.Join join:
                _joining.Add(join.Done);
                Join();
                break;
            case CoordinatorMessage.Joined joined:
                OnJoined(joined.Incarnation);
                break;
            case CoordinatorMessage.Listening:
                OnListening();
                break;
            case CoordinatorMessage.JoinFailed failed:
                OnJoinFailed(failed.Cause);
                break;
            case CoordinatorMessage.RenewDue:
                _renewDue = true;
                Suspect();
                break;
            case CoordinatorMessage.SuspectAgain again:
                Suspect();
                SuspectSoon(again.Times - 1);
                break;
            case CoordinatorMessage.Renewed renewed:
                _busy = false;
                OnRenewed(renewed);
                break;
            case CoordinatorMessage.Judged judged:
                _busy = false;
                if (judged.IsDead && _peers.TryGetValue(judged.Node.Id, out var peer) && peer.Incarnation == judged.Node.Incarnation)
                    OnPeerDead(peer.Id);
                break;
            case CoordinatorMessage.Claimed claimed:
                _busy = false;
                Take(claimed.Shards);
                break;
            case CoordinatorMessage.RetireOver:
                OnRetiring();
                break;
            case CoordinatorMessage.HandedOver handed:
                _busy = false;
                OnHandedOver(handed);
                break;
            case CoordinatorMessage.MarkedDraining:
                _busy = false;
                _isMarkedDraining = true;
                break;
            case CoordinatorMessage.Rested:
            case CoordinatorMessage.Cut:
                _busy = false;
                _renewDue = true;
                break;
            case CoordinatorMessage.Left:
                OnLeft();
                break;
            case CoordinatorMessage.Failed failed:
                _busy = false;
                OnFailed(failed.Cause);
                break;
            case CoordinatorMessage.LinkUp up:
                OnLinkUp(up.Peer);
                break;
            case CoordinatorMessage.LinkDown down:
                _linked.Remove(down.Peer);
                _toJudge.Add(down.Peer);
                SuspectSoon(SuspicionTimes);
                break;
            case CoordinatorMessage.Owners owners:
                if (_hasView)
                    Learn(owners.Shards);
                break;
            case CoordinatorMessage.FenceLost lost:
                OnFenceLost(lost.Fence);
                break;
            case CoordinatorMessage.Drain drain:
                _draining.Add(drain.Done);
                _mustDrain = true;
                break;
            case CoordinatorMessage.Leave leave:
                _leaving.Add(leave.Done);
                _mustDrain = _mustLeave = true;
                break;
        }

        Next();
        return ValueTask.CompletedTask;
    }

    private void Join()
    {
        if (_busy || _isMember)
            return;
        _busy = true;
        Context.PipeToSelf(
            options.Directory.Join(self, options.Address, CancellationToken.None),
            incarnation => new CoordinatorMessage.Joined(incarnation),
            cause => new CoordinatorMessage.JoinFailed(cause));
    }

    private void OnJoined(long incarnation)
    {
        _incarnation = incarnation;
        Context.PipeToSelf(
            Listen(), static _ => new CoordinatorMessage.Listening(), static cause => new CoordinatorMessage.JoinFailed(cause));

        async ValueTask<bool> Listen()
        {
            await options.Links.Start(self, incarnation, linkEvents, CancellationToken.None);
            return true;
        }
    }

    private void OnListening()
    {
        _busy = false;
        _isMember = true;
        _hasView = false;
        _isMarkedDraining = false;
        _renewDue = true;
        options.Observer?.Joined(_incarnation);
        Context.StartTimer(nameof(CoordinatorMessage.RenewDue), new CoordinatorMessage.RenewDue(), options.RenewEvery, options.RenewEvery);
    }

    /// <summary>Who asked is told; a node that was in the cluster before tries on by itself.</summary>
    private void OnJoinFailed(Exception cause)
    {
        _busy = false;
        if (_joining.Count > 0)
        {
            EndAll(_joining, cause);
            return;
        }

        options.Observer?.DirectoryFailed(cause);
        Context.StartTimer(nameof(CoordinatorMessage.RenewDue), new CoordinatorMessage.RenewDue(), options.RenewEvery, options.RenewEvery);
    }

    /// <summary>One thing at a time, the most urgent first.</summary>
    private void Next()
    {
        if (_busy)
            return;
        if (!_isMember)
        {
            ComeBack();
            return;
        }

        if (_renewDue)
            Renew();
        else if (_hasView && !JudgeNext() && _moving.Count == 0)
            Place();
    }

    /// <summary>A node that was in the cluster joins anew, unless it is to leave: then it has.</summary>
    private void ComeBack()
    {
        if (_mustLeave)
        {
            EndAll(_draining); // Judged dead on its way out: it has nothing left to give.
            EndAll(_leaving);
        }
        else if (_incarnation != 0 && _renewDue)
        {
            _renewDue = false;
            Join();
        }
    }

    private void Renew()
    {
        _renewDue = false;
        var sentAt = Context.Clock.GetTimestamp();
        Ask(options.Directory.Renew(CancellationToken.None), view => new CoordinatorMessage.Renewed(view, sentAt));
    }

    private void Suspect() =>
        _toJudge.UnionWith(_peers.Values.Where(peer => peer.Expired || !_linked.Contains(peer.Id)).Select(peer => peer.Id));

    /// <summary>A link ends sooner than the database hears of its node's death: the next renewal would be late to ask again.</summary>
    private void SuspectSoon(int times)
    {
        if (times > 0)
            Context.StartTimer(nameof(CoordinatorMessage.SuspectAgain), new CoordinatorMessage.SuspectAgain(times), SuspicionTime);
    }

    private bool JudgeNext()
    {
        while (_toJudge.Count > 0)
        {
            var id = _toJudge.OrderBy(node => node.Value, StringComparer.Ordinal).First();
            _toJudge.Remove(id);
            if (!_peers.TryGetValue(id, out var peer))
                continue;
            Ask(options.Directory.Judge(id, peer.Incarnation, CancellationToken.None), dead => new CoordinatorMessage.Judged(peer, dead));
            return true;
        }

        return false;
    }

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

    private void OnRenewed(CoordinatorMessage.Renewed renewed)
    {
        if (renewed.View is not { } view)
        {
            OnExpelled();
            return;
        }

        membership.Renewed(renewed.SentAt, options.Lease);
        _mayClaim = true;
        var isFirst = !_hasView;
        _hasView = true;
        LearnPeers(view.Nodes);
        if (isFirst)
            LearnAll(view);
        else
            Learn(view.Shards);
        foreach (var shard in table.In(ShardState.Elsewhere).Where(shard => !_peers.ContainsKey(table[shard].Owner!.Value)).ToArray())
            table.Lose(shard);
        EndAll(_joining);
    }

    private void LearnPeers(IReadOnlyList<NodeRow> nodes)
    {
        var others = nodes.Where(node => node.Id != self).ToDictionary(node => node.Id);
        foreach (var known in _peers.Values.ToArray())
        {
            if (!others.TryGetValue(known.Id, out var now) || now.Incarnation != known.Incarnation)
                OnPeerDead(known.Id);
        }

        foreach (var node in others.Values)
            _peers[node.Id] = node;
        options.Links.SetPeers([.. _peers.Values]);
        membership.Are(nodes);
    }

    /// <summary>At first sight, what stands under this node's name is of an earlier life of it.</summary>
    private void LearnAll(DirectoryView view)
    {
        var moved = new HashSet<int>();
        foreach (var row in view.Shards)
        {
            if (table.Learn(row))
                moved.Add(row.Shard);
        }

        holder.Moved(moved);
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
        options.Observer?.Took(held.Length);
        Announce(held);
        holder.Moved(held.Select(row => row.Shard).ToHashSet());
    }

    private void Announce(IReadOnlyList<ShardRow> rows)
    {
        foreach (var peer in _linked.OrderBy(node => node.Value, StringComparer.Ordinal))
            options.Links.Send(peer, new NodeMessage.Owners(rows));
    }

    private void OnPeerDead(NodeId peer)
    {
        _mayClaim = true;
        _peers.Remove(peer);
        _linked.Remove(peer);
        options.Observer?.PeerDied(peer);
        options.Links.SetPeers([.. _peers.Values]);
        foreach (var shard in table.In(ShardState.Elsewhere).Where(shard => table[shard].Owner == peer).ToArray())
            table.Lose(shard);
        holder.NodeGone(peer);
    }

    private void OnLinkUp(NodeId peer)
    {
        _linked.Add(peer);
        _toJudge.Remove(peer);
        var held = table.In(ShardState.Held).Select(shard => new ShardRow(shard, self, table[shard].Term)).ToArray();
        if (held.Length > 0)
            options.Links.Send(peer, new NodeMessage.Owners(held));
        holder.Moved(table.Touch(peer));
    }

    private void BeginHandOver(NodeId target, IReadOnlyList<int> shards)
    {
        _moving = [.. shards];
        _movingTo = target;
        foreach (var shard in _moving)
            table.BeginMove(shard);
        holder.Retire(_moving);
        _retireSince = Context.Clock.GetTimestamp();
        OnRetiring();
    }

    private void OnRetiring()
    {
        if (_moving.Count == 0)
            return;
        if (holder.AnyAlive(_moving) && Context.Clock.GetElapsedTime(_retireSince) < RetireTime)
        {
            Context.StartTimer(nameof(CoordinatorMessage.RetireOver), new CoordinatorMessage.RetireOver(), RetirePoll);
            return;
        }

        if (_busy)
        {
            Context.StartTimer(nameof(CoordinatorMessage.RetireOver), new CoordinatorMessage.RetireOver(), RetirePoll);
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
        options.Observer?.Gave(given.Count, handed.Target);
        Announce(given);
        holder.Moved(given.Select(row => row.Shard).ToHashSet());
    }

    /// <summary>What became of what was asked is unknown; the directory's next answer tells.</summary>
    private void OnFailed(Exception cause)
    {
        _moving = [];
        options.Observer?.DirectoryFailed(cause);
        _busy = true;
        Context.StartTimer(nameof(CoordinatorMessage.Rested), new CoordinatorMessage.Rested(), RetryTime);
    }

    private void OnFenceLost(Fence fence)
    {
        if (table[fence.Shard] is { State: ShardState.Held or ShardState.Moving } entry && entry.Term == fence.Term)
        {
            options.Observer?.FenceLost(fence.Shard);
            Lose([fence.Shard]);
        }

        _renewDue = true;
    }

    /// <summary>Judged dead: whatever this node believes to hold belongs to others. It comes back as a new one.</summary>
    private void OnExpelled()
    {
        options.Observer?.Expelled();
        membership.Expelled();
        _isMember = false;
        _moving = [];
        Lose([.. table.In(ShardState.Held), .. table.In(ShardState.Moving)]);

        _linked.Clear();
        _busy = true;
        Context.PipeToSelf(Stop(), static _ => new CoordinatorMessage.Cut(), static _ => new CoordinatorMessage.Cut());

        async ValueTask<bool> Stop()
        {
            await options.Links.Stop();
            return true;
        }
    }

    private void Leave()
    {
        Context.CancelTimer(nameof(CoordinatorMessage.RenewDue));
        _busy = true;
        Context.PipeToSelf(Stop(), static _ => new CoordinatorMessage.Left(), static _ => new CoordinatorMessage.Left());

        async ValueTask<bool> Stop()
        {
            try
            {
                await options.Directory.Leave(CancellationToken.None);
            }
            finally
            {
                await options.Links.Stop();
            }

            return true;
        }
    }

    private void OnLeft()
    {
        _isMember = false;
        Lose([.. table.In(ShardState.Held)]);
        EndAll(_leaving);
    }

    private void Lose(HashSet<int> shards)
    {
        foreach (var shard in shards)
            table.Lose(shard); // First: what is told meanwhile starts nothing here.
        holder.Release(shards);
    }

    private void Ask<T>(ValueTask<T> asked, Func<T, CoordinatorMessage> then)
    {
        _busy = true;
        Context.PipeToSelf(asked, then, static cause => new CoordinatorMessage.Failed(cause));
    }

    private static void EndAll(List<TaskCompletionSource> waiting, Exception? cause = null)
    {
        foreach (var source in waiting)
        {
            if (cause is null)
                source.TrySetResult();
            else
                source.TrySetException(cause);
        }

        waiting.Clear();
    }
}

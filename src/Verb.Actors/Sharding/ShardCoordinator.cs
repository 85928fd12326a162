using Akka.Actor;
using Verb.Actors.Nodes;

namespace Verb.Actors.Sharding;

/// <summary>
/// Keeps a node in the cluster: renews its lease, finds dead peers, takes the shards that belong here and gives those that belong elsewhere. It
/// asks the directory for one thing at a time, and believes the directory and terms, never the clock of a peer. Where shards go is told in the file
/// beside this one.
/// </summary>
internal sealed partial class ShardCoordinator(
    HubSystem hub, NodeId self, ClusterOptions options, ShardTable table, Membership membership, IShardHolder holder, INodeLinkEvents linkEvents)
    : UntypedActor, IWithTimers
{
    /// <summary>When the directory is asked again after it failed.</summary>
    private static readonly TimeSpan RetryTime = TimeSpan.FromMilliseconds(250);

    /// <summary>When a peer whose link ended is judged again, and how often before only the renewals do.</summary>
    private static readonly TimeSpan SuspicionTime = TimeSpan.FromMilliseconds(100);
    private const int SuspicionTimes = 8;

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    private readonly Dictionary<NodeId, NodeRow> _peers = [];
    private readonly HashSet<NodeId> _linked = [];
    private readonly HashSet<NodeId> _toJudge = [];
    private readonly List<TaskCompletionSource> _joining = [];
    private readonly List<TaskCompletionSource> _draining = [];
    private readonly List<TaskCompletionSource> _leaving = [];
    private bool _busy;
    private bool _renewDue;
    private bool _isMember;
    private bool _hasView;

    /// <summary>What the directory did not let this node have is not asked for again before something has changed.</summary>
    private bool _mayClaim;
    private bool _mustDrain;
    private bool _isMarkedDraining;
    private bool _mustLeave;
    private long _incarnation;

    /// <summary>After a failure nothing it knew is trusted: it drops what it holds and comes back as another life.</summary>
    protected override void PostRestart(Exception reason)
    {
        base.PostRestart(reason);
        _incarnation = -1;
        OnExpelled();
    }

    protected override void OnReceive(object message)
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
            case CoordinatorMessage.Failed:
                _busy = false;
                OnFailed();
                break;
            case CoordinatorMessage.LinkUp up:
                OnLinkUp(up.Peer, up.Session);
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
        StartRenewing();
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

        StartRenewing();
    }

    private void StartRenewing() =>
        Timers.StartPeriodicTimer(nameof(CoordinatorMessage.RenewDue), new CoordinatorMessage.RenewDue(), options.RenewEvery);

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
        var sentAt = hub.Clock.GetTimestamp();
        Ask(options.Directory.Renew(CancellationToken.None), view => new CoordinatorMessage.Renewed(view, sentAt));
    }

    private void Suspect() =>
        _toJudge.UnionWith(_peers.Values.Where(peer => peer.Expired || !_linked.Contains(peer.Id)).Select(peer => peer.Id));

    /// <summary>A link ends sooner than the database hears of its node's death: the next renewal would be late to ask again.</summary>
    private void SuspectSoon(int times)
    {
        if (times > 0)
            Timers.StartSingleTimer(nameof(CoordinatorMessage.SuspectAgain), new CoordinatorMessage.SuspectAgain(times), SuspicionTime);
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

    private void OnPeerDead(NodeId peer)
    {
        _mayClaim = true;
        _peers.Remove(peer);
        _linked.Remove(peer);
        options.Links.SetPeers([.. _peers.Values]);
        foreach (var shard in table.In(ShardState.Elsewhere).Where(shard => table[shard].Owner == peer).ToArray())
            table.Lose(shard);
        holder.NodeGone(peer);
    }

    private void OnLinkUp(NodeId peer, long session)
    {
        _linked.Add(peer);
        _toJudge.Remove(peer);
        var held = table.In(ShardState.Held).Select(shard => new ShardRow(shard, self, table[shard].Term)).ToArray();
        if (held.Length > 0)
            options.Links.Send(peer, new NodeMessage.Owners(held));
        holder.Moved(table.Touch(peer, session));
    }

    /// <summary>What became of what was asked is unknown; the directory's next answer tells.</summary>
    private void OnFailed()
    {
        _moving = [];
        _busy = true;
        Timers.StartSingleTimer(nameof(CoordinatorMessage.Rested), new CoordinatorMessage.Rested(), RetryTime);
    }

    private void OnFenceLost(Fence fence)
    {
        if (table[fence.Shard] is { State: ShardState.Held or ShardState.Moving } entry && entry.Term == fence.Term)
            Lose([fence.Shard]);
        _renewDue = true;
    }

    /// <summary>Judged dead: whatever this node believes to hold belongs to others. It comes back as a new one.</summary>
    private void OnExpelled()
    {
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
        Timers.Cancel(nameof(CoordinatorMessage.RenewDue));
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
        Context.PipeToSelf(asked, then, static _ => new CoordinatorMessage.Failed());
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

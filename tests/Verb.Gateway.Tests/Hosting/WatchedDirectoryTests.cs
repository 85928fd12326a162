using Verb.Actors.Durability;
using Verb.Actors.Sharding;
using Verb.Gateway.Hosting;
using Verb.TestKit.Time;

namespace Verb.Gateway.Tests.Hosting;

public sealed class WatchedDirectoryTests
{
    private static readonly NodeId Self = new("a");
    private static readonly NodeId Peer = new("b");
    private static readonly ShardRow[] Seen = [new(1, Peer, 4), new(2, null, 0), new(3, Self, 2), new(4, Peer, 5)];

    private readonly ScriptedDirectory _directory = new();
    private readonly ListLog _failures = new();
    private readonly ListLog _log = new();
    private readonly WatchedDirectory _watched;

    private readonly ManualClock _clock = new();

    public WatchedDirectoryTests() => _watched = new WatchedDirectory(_directory, new StorageLog(_failures, _clock), _clock, _log);

    [Fact]
    public async Task A_join_is_told_and_its_first_failure_is_left_to_the_start()
    {
        _directory.Failure = new StorageException(StorageFault.Device, "The database is gone.");
        await Should.ThrowAsync<StorageException>(async () => await Join());
        _failures.Lines.ShouldBeEmpty();
        _directory.Failure = null;
        (await Join()).ShouldBe(7);
        _log.Lines.ShouldBe(["Information 1701: Joined the cluster as a, life 7, at here:1"]);
        _directory.Failure = new StorageException(StorageFault.Device, "The database is gone.");
        await Should.ThrowAsync<StorageException>(async () => await Join());
        _failures.Lines.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task The_nodes_are_told_whenever_they_change()
    {
        await Join();
        _log.Lines.Clear();
        _directory.View = View(Peer, Self);
        (await _watched.Renew(default)).ShouldBe(_directory.View);
        _directory.View = View(Self, Peer);
        await _watched.Renew(default);
        _directory.View = View(Self);
        await _watched.Renew(default);
        _log.Lines.ShouldBe(["Information 1702: The nodes of the cluster: a, b", "Information 1702: The nodes of the cluster: a"]);
    }

    [Fact]
    public async Task A_node_that_was_judged_dead_is_told_so_once_for_each_life()
    {
        await Join();
        _log.Lines.Clear();
        _directory.View = null;
        (await _watched.Renew(default)).ShouldBeNull();
        await _watched.Renew(default);
        _log.Lines.ShouldBe(["Error 1706: The cluster took a for dead: its lease ran out before it was renewed"]);
        await Join();
        await _watched.Renew(default);
        _log.Lines.Count(line => line.StartsWith("Error", StringComparison.Ordinal)).ShouldBe(2);
    }

    [Fact]
    public async Task A_lease_that_runs_out_is_told_once_and_that_it_stands_again()
    {
        await Join();
        _directory.View = View(Self);
        await _watched.Renew(default);
        _log.Lines.Clear();
        _directory.Failure = new StorageException(StorageFault.Device, "The database is gone.");
        for (var second = 1; second <= 5; second++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            await Should.ThrowAsync<StorageException>(async () => await _watched.Renew(default));
            _log.Lines.Count.ShouldBe(second < 3 ? 0 : 1);
        }

        _log.Lines[0].ShouldStartWith("Warning 1709: The lease ran out: it was not renewed for 3.0 s.");
        _directory.Failure = null;
        _clock.Advance(TimeSpan.FromSeconds(1));
        await _watched.Renew(default);
        await _watched.Renew(default);
        _log.Lines.Skip(1).ShouldBe(["Information 1710: The lease stands again, 6.0 s after it was renewed last"]);
    }

    [Fact]
    public async Task Shards_that_a_peer_gave_are_told_and_those_that_were_claimed_are_not_told_again()
    {
        await Join();
        _directory.View = View(Self, Peer) with { Shards = [new(1, Peer, 1), new(2, Peer, 1), new(3, null, 0)] };
        await _watched.Renew(default);
        _directory.Rows = [new(3, Self, 1)];
        await _watched.Claim([new(3, null, 0)], default);
        _log.Lines.Clear();

        _directory.View = View(Self, Peer) with { Shards = [new(1, Self, 2), new(2, Self, 2), new(3, Self, 1)] };
        await _watched.Renew(default);
        await _watched.Renew(default);

        _log.Lines.ShouldBe(["Information 1711: Was given 2 shards by b"]);
    }

    [Fact]
    public async Task Only_shards_of_dead_peers_count_as_taken_over()
    {
        await Join();
        _log.Lines.Clear();
        _directory.Rows = [new(1, Self, 5), new(2, Self, 1), new(3, Self, 3)];
        (await _watched.Claim(Seen, default)).ShouldBe(_directory.Rows);
        _watched.Takeovers.ShouldBe(1);
        _log.Lines.ShouldBe(["Information 1703: Took 3 shards, 1 of them from nodes that died"]);
        _directory.Rows = [];
        await _watched.Claim(Seen, default);
        _watched.Takeovers.ShouldBe(1);
        _log.Lines.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Shards_given_away_peers_found_dead_and_leaving_are_told()
    {
        await Join();
        _log.Lines.Clear();
        _directory.Rows = [new(3, Peer, 3)];
        await _watched.HandOver(Seen, Peer, default);
        (await _watched.Judge(Peer, 3, default)).ShouldBeFalse();
        _directory.IsDead = true;
        (await _watched.Judge(Peer, 3, default)).ShouldBeTrue();
        await _watched.SetDraining(true, default);
        await _watched.Leave(default);
        _log.Lines.ShouldBe(
        [
            "Information 1704: Gave 1 shards to b",
            "Warning 1705: Node b, life 3, is dead and out of the cluster",
            "Information 1707: Left the cluster, a",
        ]);
        _directory.Calls.ShouldBe(["join", "hand over", "judge", "judge", "draining True", "leave"]);
    }

    [Fact]
    public async Task Every_failure_reaches_the_caller_and_the_operator()
    {
        await Join();
        _directory.Failure = new StorageException(StorageFault.Device, "The database is gone.");
        Func<Task>[] calls =
        [
            async () => await _watched.Renew(default),
            async () => await _watched.Claim(Seen, default),
            async () => await _watched.HandOver(Seen, Peer, default),
            async () => await _watched.Judge(Peer, 3, default),
            async () => await _watched.SetDraining(true, default),
            async () => await _watched.Leave(default),
        ];
        foreach (var call in calls)
            await Should.ThrowAsync<StorageException>(call);
        _failures.Lines.ShouldBe(["Error 1601: The store failed (Device): The database is gone."]);
    }

    private ValueTask<long> Join() => _watched.Join(Self, "here:1", default);

    private static DirectoryView View(params NodeId[] nodes) => new([.. nodes.Select(node => new NodeRow(node, 1, "x:1", false, false))], []);

    private sealed class ScriptedDirectory : IShardDirectory
    {
        public StorageException? Failure { get; set; }

        public DirectoryView? View { get; set; }

        public IReadOnlyList<ShardRow> Rows { get; set; } = [];

        public bool IsDead { get; set; }

        public List<string> Calls { get; } = [];

        public ValueTask<long> Join(NodeId node, string address, CancellationToken cancellation) => Answer("join", 7L);

        public ValueTask<DirectoryView?> Renew(CancellationToken cancellation) => Answer("renew", View);

        public ValueTask<IReadOnlyList<ShardRow>> Claim(IReadOnlyList<ShardRow> seen, CancellationToken cancellation) => Answer("claim", Rows);

        public ValueTask<IReadOnlyList<ShardRow>> HandOver(IReadOnlyList<ShardRow> held, NodeId target, CancellationToken cancellation) =>
            Answer("hand over", Rows);

        public ValueTask<bool> Judge(NodeId node, long incarnation, CancellationToken cancellation) => Answer("judge", IsDead);

        public async ValueTask SetDraining(bool draining, CancellationToken cancellation) => await Answer($"draining {draining}", 0);

        public async ValueTask Leave(CancellationToken cancellation) => await Answer("leave", 0);

        private ValueTask<T> Answer<T>(string call, T answer)
        {
            if (Failure is not null)
                return ValueTask.FromException<T>(Failure);
            Calls.Add(call);
            return ValueTask.FromResult(answer);
        }
    }
}

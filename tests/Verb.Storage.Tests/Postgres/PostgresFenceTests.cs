using Verb.Actors.Durability;
using Verb.Actors.Rooms;
using Verb.Actors.Users;
using Verb.Contracts;
using Verb.Storage.Postgres;
using static Verb.Storage.Tests.Contracts.Given;

namespace Verb.Storage.Tests.Postgres;

[Collection(PostgresCollection.Name)]
public sealed class PostgresFenceTests(PostgresCollection.Fixture server) : IAsyncLifetime
{
    private readonly PostgresFixture _fixture = new(server);

    private static CancellationToken None => CancellationToken.None;

    private IHistoryStore History => _fixture.Database.History;

    public Task InitializeAsync() => _fixture.OpenWithTerms();

    public async Task DisposeAsync() => await _fixture.DisposeAsync();

    [Fact]
    public async Task A_term_cannot_change_between_a_writes_check_and_its_commit()
    {
        await Open(Lobby, Fence);
        await using var room = await Hold("SELECT * FROM room FOR UPDATE");

        // The write has passed its fence and waits for the room's row; the new owner's update has to wait for the write.
        var append = History.Append(Append(Lobby, 1, 1), None).AsTask();
        await Waiting(1);
        var claim = _fixture.SetTerm(Fence.Shard, Fence.Term + 1);
        await Waiting(2);
        await room.DisposeAsync();

        (await append).ShouldBe(AppendResult.Committed);
        await claim;
        (await History.Append(Append(Lobby, 2, 2), None)).ShouldBe(AppendResult.FenceLost);
    }

    [Fact]
    public async Task A_write_that_meets_a_change_of_owner_under_way_waits_for_it_and_is_refused()
    {
        await Open(Lobby, Fence);
        var claim = await Hold($"UPDATE shard SET term = term + 1 WHERE id = {Fence.Shard}");

        var append = History.Append(Append(Lobby, 1, 1), None).AsTask();
        var seen = _fixture.Database.Inboxes.MarkSeen(Bob.Id, Fence, Now, false, None).AsTask();
        await Waiting(1);
        await claim.DisposeAsync();

        (await append).ShouldBe(AppendResult.FenceLost);
        (await seen).ShouldBe(AppendResult.FenceLost);
        (await _fixture.Scalar("SELECT count(*) FROM history")).ShouldBe("0");
        (await _fixture.Scalar("SELECT count(*) FROM recipient")).ShouldBe("0");
    }

    [Fact]
    public async Task A_higher_term_than_the_databases_is_refused_too()
    {
        (await History.Open(Lobby, Fence with { Term = Fence.Term + 1 }, "e", 0, Now, None)).ShouldBeNull();
        (await _fixture.Database.Inboxes.Open(Bob.Id, Fence with { Term = Fence.Term + 1 }, Now, None)).ShouldBeNull();

        (await _fixture.Scalar("SELECT count(*) FROM room")).ShouldBe("0");
    }

    [Fact]
    public async Task Rooms_written_together_fail_one_by_one()
    {
        _fixture.Options.Writers = 1;
        await _fixture.Reopen();
        var (other, lost) = (Fence with { Shard = 8, Term = 99 }, Fence with { Shard = 9, Term = 5 });
        await _fixture.SetTerm(9, 5);
        var (theirs, gone) = (new RoomId("theirs"), new RoomId("gone"));
        await Open(Lobby, Fence);
        await Open(theirs, other);
        await Open(gone, lost);
        await _fixture.SetTerm(9, 6);
        await using var gate = await Gate();

        var first = History.Append(Append(Lobby, 1, 1), None).AsTask();
        var refused = History.Append(Append(gone, 1, 1) with { Fence = lost }, None).AsTask();
        var wrong = History.Append(Append(theirs, 5, 5) with { Fence = other }, None).AsTask();
        var right = History.Append(Append(theirs, 1, 1) with { Fence = other }, None).AsTask();
        var second = History.Append(Append(Lobby, 2, 3), None).AsTask();
        var unknown = History.Append(Append(new RoomId("unknown"), 2, 2), None).AsTask();
        var begun = History.Append(Append(new RoomId("begun"), 1, 2), None).AsTask();
        var seen = _fixture.Database.Inboxes.MarkSeen(Bob.Id, Fence, Now, false, None).AsTask();
        var item = new InboxItem(1, "i1", InboxItemKind.Notification, null, "{}"u8.ToArray(), Now);
        var inbox = _fixture.Database.Inboxes.Append(new InboxAppend(Bob.Id, Fence, item, null), None).AsTask();
        await gate.DisposeAsync();

        (await Task.WhenAll(first, refused, right, second, begun, seen, inbox)).ShouldBe([
            AppendResult.Committed, AppendResult.FenceLost, AppendResult.Committed, AppendResult.Committed, AppendResult.Committed,
            AppendResult.Committed, AppendResult.Committed]);
        (await Should.ThrowAsync<InvalidOperationException>(() => wrong)).Message.ShouldBe("Seq 5 of room 'theirs' should be 1.");
        (await Should.ThrowAsync<InvalidOperationException>(() => unknown)).Message.ShouldBe("Room 'unknown' is not there.");
        (await Open(Lobby, Fence)).LastSeq.ShouldBe(3);
        (await _fixture.Database.Inboxes.Open(Bob.Id, Fence, Now, None))!.Items.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Two_hubs_that_share_the_shards_and_change_them_never_lock_each_other_out()
    {
        await using var other = await PostgresDatabase.Open(_fixture.Options, _fixture.Clock, None);
        var rooms = Enumerable.Range(0, 32).Select(i => (Room: new RoomId($"room {i}"), Shard: i * 7)).ToArray();
        foreach (var (_, shard) in rooms)
            await _fixture.SetTerm(shard, 1);
        foreach (var (room, shard) in rooms)
            await Open(room, Fence with { Shard = shard, Term = 1 });

        var results = await Task.WhenAll(rooms.Select(async (entry, i) =>
        {
            var history = (i % 2 == 0 ? _fixture.Database : other).History;
            for (var seq = 1; seq <= 20; seq++)
                (await history.Append(Append(entry.Room, seq, seq) with { Fence = Fence with { Shard = entry.Shard, Term = 1 } }, None)).ShouldBe(AppendResult.Committed);
            return 20;
        }).Append(Churn()));

        results.Sum().ShouldBe(rooms.Length * 20);

        async Task<int> Churn()
        {
            for (var i = 0; i < 20; i++)
                await _fixture.Scalar("UPDATE shard SET owner = 'x' WHERE id IN (SELECT id FROM shard ORDER BY id FOR UPDATE)");
            return 0;
        }
    }

    [Fact]
    public async Task A_hub_that_is_alone_takes_every_shard_and_fences_out_the_one_before()
    {
        var before = await Alone("before");
        (await Open(Lobby, before)).Epoch.ShouldBe("e1");
        (await History.Append(Append(Lobby, 1, 1) with { Fence = before }, None)).ShouldBe(AppendResult.Committed);

        var after = await Alone("after");

        (await History.Append(Append(Lobby, 2, 2) with { Fence = before }, None)).ShouldBe(AppendResult.FenceLost);
        (await History.Open(Lobby, before, "e2", 0, Now, None)).ShouldBeNull();
        (await Open(Lobby, after)).LastSeq.ShouldBe(1);
        (await History.Append(Append(Lobby, 2, 2) with { Fence = after }, None)).ShouldBe(AppendResult.Committed);
        (await _fixture.Scalar("SELECT count(*) FROM shard WHERE owner = 'after'")).ShouldBe("256");

        async Task<Actors.Sharding.Fence> Alone(string owner)
        {
            var fences = await _fixture.Database.ClaimAll(owner, None);
            fences.Select(fence => fence.Shard).ShouldBe(Enumerable.Range(0, 256));
            return fences[Actors.Sharding.Shards.Of(Lobby)];
        }
    }

    [Fact]
    public async Task A_hub_that_is_alone_does_not_take_the_shards_of_a_cluster_that_runs()
    {
        await _fixture.Scalar("INSERT INTO node VALUES('n1', 1, 'n1:1', now() + interval '1 hour', false, 1)");

        var failure = await Should.ThrowAsync<StorageException>(() => _fixture.Database.ClaimAll("alone", None));

        failure.Message.ShouldContain("in use by the cluster of n1");
        (await _fixture.Scalar($"SELECT term FROM shard WHERE id = {Fence.Shard}")).ShouldBe($"{Fence.Term}");
    }

    private async Task<RoomRecord> Open(RoomId room, Actors.Sharding.Fence fence) =>
        (await History.Open(room, fence, "e1", 0, Now, None)).ShouldNotBeNull();

    /// <summary>Makes the writer wait with a write of no consequence, until disposed.</summary>
    private async Task<PostgresHold> Gate()
    {
        var shut = new RoomId("gate");
        await Open(shut, Fence);
        var hold = await Hold("SELECT * FROM room WHERE name = 'gate' FOR UPDATE");
        _ = History.Append(Append(shut, 1, 1), None).AsTask();
        await Waiting(1);
        return hold;
    }

    private Task<PostgresHold> Hold(string sql) => PostgresHold.Take(_fixture, sql);

    private Task Waiting(int count) => PostgresHold.Waiting(_fixture, count);
}

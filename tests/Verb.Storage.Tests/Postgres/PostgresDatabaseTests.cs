using Verb.Actors.Durability;
using Verb.Actors.Rooms;
using Verb.Actors.Users;
using Verb.Contracts;
using Verb.Storage.Postgres;
using static Verb.Storage.Tests.Contracts.Given;

namespace Verb.Storage.Tests.Postgres;

[Collection(PostgresCollection.Name)]
public sealed class PostgresDatabaseTests(PostgresCollection.Fixture server) : IAsyncLifetime
{
    private readonly PostgresFixture _fixture = new(server);

    private static CancellationToken None => CancellationToken.None;

    private IHistoryStore History => _fixture.Database.History;

    public Task InitializeAsync() => _fixture.OpenWithTerms();

    public async Task DisposeAsync() => await _fixture.DisposeAsync();

    [Fact]
    public async Task Rooms_inboxes_and_dedupe_windows_survive_a_restart()
    {
        await Open();
        await History.Append(new RoomAppend(Lobby, Fence, "e1", Publications(1, 3), [Entry(2)]), None);
        var item = new InboxItem(1, "i1", InboxItemKind.PrivateMessage, Ann, "{}"u8.ToArray(), Now);
        await _fixture.Database.Inboxes.MarkSeen(Bob.Id, Fence, Now, false, None);
        await _fixture.Database.Inboxes.Append(new InboxAppend(Bob.Id, Fence, item, Entry(1)), None);

        await _fixture.Reopen();

        var room = await Open("another");
        (room.Epoch, room.LastSeq, room.Tail.Count).ShouldBe(("e1", 3, 3));
        room.Dedupe.ShouldBe([Entry(2)]);
        var inbox = (await _fixture.Database.Inboxes.Open(Bob.Id, Fence, Now, None))!;
        (inbox.Seen, inbox.LastSeq, inbox.Items.Count, inbox.Dedupe.Count).ShouldBe((true, 1, 1, 1));
    }

    [Fact]
    public async Task Asked_for_new_epochs_every_room_gets_its_own_and_keeps_its_messages()
    {
        var other = new RoomId("other");
        await Open();
        await History.Open(other, Fence, "e1", 0, Now, None);
        await History.Append(Append(Lobby, 1, 3), None);
        await _fixture.Close();
        _fixture.Options.NewEpochs = true;
        await _fixture.Open();

        var lobby = await Open();
        var second = (await History.Open(other, Fence, "e1", 0, Now, None))!;

        lobby.Epoch.ShouldNotBe("e1");
        second.Epoch.ShouldNotBe("e1");
        second.Epoch.ShouldNotBe(lobby.Epoch);
        lobby.LastSeq.ShouldBe(3);
    }

    [Fact]
    public async Task New_epochs_are_refused_while_a_node_runs()
    {
        await Open();
        await _fixture.Close();
        await _fixture.Scalar("INSERT INTO node VALUES('n1', 1, 'n1:1', now() + interval '1 hour', false, 1)");
        _fixture.Options.NewEpochs = true;

        var failure = await Should.ThrowAsync<StorageException>(_fixture.Open);

        failure.Message.ShouldEndWith("is in use by n1: stop every node before one starts with Verb:Storage:NewEpochs.");
        (await _fixture.Scalar("SELECT epoch FROM room")).ShouldBe("e1");
    }

    [Fact]
    public async Task Expired_entries_leave_the_database()
    {
        await Open();
        await History.Append(new RoomAppend(Lobby, Fence, "e1", Publications(1, 2), [Entry(1, Now + 10), Entry(2)]), None);

        _fixture.Clock.Advance(TimeSpan.FromMinutes(2));
        await _fixture.Database.Purge(None);

        (await _fixture.Scalar("SELECT string_agg(seq::text, ',') FROM dedupe")).ShouldBe("2");
    }

    [Fact]
    public async Task A_room_never_spoken_in_is_forgotten_a_day_after_it_was_made_and_still_takes_its_first_message()
    {
        var spoken = new RoomId("spoken");
        await Open();
        await History.Open(spoken, Fence, "e1", 0, Now, None);
        await History.Append(Append(spoken, 1, 1) with { TrimThroughSeq = 1 }, None);

        _fixture.Clock.Advance(TimeSpan.FromHours(23));
        await _fixture.Database.Purge(None);
        (await _fixture.Scalar("SELECT string_agg(name, ',' ORDER BY name) FROM room")).ShouldBe("lobby,spoken");

        _fixture.Clock.Advance(TimeSpan.FromHours(2));
        await _fixture.Database.Purge(None);
        (await _fixture.Scalar("SELECT string_agg(name, ',' ORDER BY name) FROM room")).ShouldBe("spoken");

        (await History.Append(Append(Lobby, 1, 1), None)).ShouldBe(AppendResult.Committed);
        var record = await Open("e2");
        (record.Epoch, record.LastSeq).ShouldBe(("e1", 1));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    [InlineData(-48)]
    [InlineData(48)]
    public async Task A_clock_that_is_set_makes_nothing_expire_early_or_late(int hours)
    {
        await Open();
        await History.Append(new RoomAppend(Lobby, Fence, "e1", Publications(1, 2), [Entry(1, Now + 90_000), Entry(2, Now + 120_000)]), None);
        await History.Open(new RoomId("silent"), Fence, "e1", 0, Now, None);

        _fixture.Clock.SetWall(TimeSpan.FromHours(hours));
        _fixture.Clock.Advance(TimeSpan.FromSeconds(80));
        await _fixture.Database.Purge(None);
        (await _fixture.Scalar("SELECT string_agg(seq::text, ',' ORDER BY seq) FROM dedupe")).ShouldBe("1,2");
        (await _fixture.Scalar("SELECT string_agg(name, ',' ORDER BY name) FROM room")).ShouldBe("lobby,silent");

        _fixture.Clock.Advance(TimeSpan.FromHours(25));
        await _fixture.Database.Purge(None);
        (await _fixture.Scalar("SELECT count(*)::text FROM dedupe")).ShouldBe("0");
        (await _fixture.Scalar("SELECT string_agg(name, ',' ORDER BY name) FROM room")).ShouldBe("lobby");
    }

    [Fact]
    public async Task Beyond_its_queue_a_write_is_refused_and_nothing_of_it_is_stored()
    {
        _fixture.Options.QueueLength = 1;
        await _fixture.Reopen();
        await using var gate = await Gate();
        var waiting = History.Append(Append(Lobby, 1, 1), None);

        (await History.Append(Append(Lobby, 2, 2), None)).ShouldBe(AppendResult.Overloaded);

        await gate.DisposeAsync();
        (await waiting).ShouldBe(AppendResult.Committed);
        (await Open()).LastSeq.ShouldBe(1);
    }

    [Fact]
    public async Task Beyond_its_bytes_a_write_is_refused_but_a_large_one_is_taken_alone()
    {
        _fixture.Options.QueueBytes = 10;
        await _fixture.Reopen();
        await using var gate = await Gate();
        var waiting = History.Append(Append(Lobby, 1, 1), None);

        (await History.Append(Append(Lobby, 2, 2), None)).ShouldBe(AppendResult.Overloaded);

        await gate.DisposeAsync();
        (await waiting).ShouldBe(AppendResult.Committed);
    }

    [Fact]
    public async Task Readers_do_not_wait_for_a_writer()
    {
        await using var gate = await Gate();

        (await History.ReadLatest(new RoomId("gate"), long.MaxValue, 10, int.MaxValue, None)).Messages.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_write_cancelled_while_it_waits_is_withdrawn()
    {
        using var cancel = new CancellationTokenSource();
        await using var gate = await Gate();
        var waiting = History.Append(Append(Lobby, 1, 1), cancel.Token);

        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(async () => await waiting);
        await gate.DisposeAsync();

        (await Open()).LastSeq.ShouldBe(0);
    }

    [Fact]
    public async Task What_arrives_during_a_commit_is_committed_together()
    {
        await using var gate = await Gate();
        var waiting = Enumerable.Range(1, 500).Select(seq => History.Append(Append(Lobby, seq, seq), None).AsTask()).ToArray();
        await gate.DisposeAsync();

        (await Task.WhenAll(waiting)).ShouldAllBe(result => result == AppendResult.Committed);

        (await _fixture.Scalar("SELECT count(DISTINCT xmin::text) FROM history WHERE room = (SELECT id FROM room WHERE name = 'lobby')")).ShouldBe("1");
        (await Open()).LastSeq.ShouldBe(500);
    }

    [Fact]
    public async Task A_write_the_database_cannot_take_does_not_take_others_with_it()
    {
        await _fixture.Scalar("ALTER TABLE history ADD CHECK (message_id <> 'm2')");
        await using var gate = await Gate();
        var first = History.Append(Append(Lobby, 1, 1), None).AsTask();
        var wrong = History.Append(Append(Lobby, 2, 2), None).AsTask();
        var seen = _fixture.Database.Inboxes.MarkSeen(Bob.Id, Fence, Now, false, None).AsTask();
        await gate.DisposeAsync();

        (await first).ShouldBe(AppendResult.Committed);
        (await seen).ShouldBe(AppendResult.Committed);
        (await Should.ThrowAsync<StorageException>(() => wrong)).Message.ShouldNotContain("\n");
        (await Open()).LastSeq.ShouldBe(1);
    }

    [Fact]
    public async Task Closing_commits_what_waits_and_refuses_what_comes_later()
    {
        var database = _fixture.Database;
        await using var gate = await Gate();
        var waiting = Enumerable.Range(1, 50).Select(seq => database.History.Append(Append(Lobby, seq, seq), None).AsTask()).ToArray();

        var closing = _fixture.Close();
        await gate.DisposeAsync();
        await closing;

        (await Task.WhenAll(waiting)).ShouldAllBe(result => result == AppendResult.Committed);
        var late = await Should.ThrowAsync<StorageException>(async () => await database.History.Append(Append(Lobby, 51, 51), None));
        late.Fault.ShouldBe(StorageFault.Closed);
        late = await Should.ThrowAsync<StorageException>(async () => await database.History.Read(Lobby, 0, 1, 1, 1, None));
        late.Fault.ShouldBe(StorageFault.Closed);
        await _fixture.Open();
        (await Open()).LastSeq.ShouldBe(50);
    }

    [Fact]
    public async Task A_write_whose_connection_broke_cannot_happen_after_its_room_was_read_back()
    {
        await Open();
        await History.Append(Append(Lobby, 1, 1), None);

        // A backend that goes on in the server although its client gave up on it and asked it to stop.
        await _fixture.Scalar(
            """
            CREATE FUNCTION stubborn() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN PERFORM pg_sleep(3600); RETURN NEW; EXCEPTION WHEN query_canceled THEN PERFORM pg_advisory_lock(77); RETURN NEW; END $$;
            CREATE TRIGGER stubborn BEFORE INSERT ON history FOR EACH ROW EXECUTE FUNCTION stubborn()
            """);
        const string Busy =
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND (wait_event = 'PgSleep' OR wait_event_type = 'Lock')";
        await using var hold = await PostgresHold.Take(_fixture, "SELECT pg_advisory_xact_lock(77)");
        var patient = _fixture.Options.ConnectionString;
        _fixture.Options.ConnectionString += ";Command Timeout=1;Cancellation Timeout=-1";
        await using var impatient = await PostgresDatabase.Open(_fixture.Options, _fixture.Clock, None);
        _fixture.Options.ConnectionString = patient;
        do
        {
            var unknown = await Should.ThrowAsync<StorageException>(async () => await impatient.History.Append(Append(Lobby, 2, 2), None));
            unknown.Fault.ShouldBe(StorageFault.Device);
        }
        while (await _fixture.Scalar(Busy) == "0"); // The client gave up before the server had begun.

        // The client's own request to stop may be lost with its connection.
        await _fixture.Scalar("SELECT count(pg_cancel_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'");
        await PostgresHold.Waiting(_fixture, 1);

        var record = (await impatient.History.Open(Lobby, Fence, "e2", 10, Now, None))!;
        await hold.DisposeAsync();

        record.LastSeq.ShouldBe(1);
        await _fixture.Scalar("DROP TRIGGER stubborn ON history");
        (await impatient.History.Append(Append(Lobby, 2, 2), None)).ShouldBe(AppendResult.Committed);
    }

    [Fact]
    public async Task Connections_that_died_unnoticed_are_replaced()
    {
        await Open();
        await _fixture.Database.Secrets.GetOrCreate("a", 1, None);
        await _fixture.Scalar("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");

        (await History.Read(Lobby, 0, 1, 1, 1, None)).Messages.ShouldBeEmpty();
        await _fixture.Database.Touch(None);
    }

    [Fact]
    public async Task A_database_that_became_read_only_says_so_still_reads_and_works_again_afterwards()
    {
        await Open();
        (await History.Append(Append(Lobby, 1, 3), None)).ShouldBe(AppendResult.Committed);
        await _fixture.Scalar($"ALTER DATABASE {_fixture.Name} SET default_transaction_read_only = on");
        await _fixture.Scalar("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");
        await Should.ThrowAsync<StorageException>(async () => await History.Append(Append(Lobby, 4, 4), None));

        var write = await Should.ThrowAsync<StorageException>(async () => await History.Append(Append(Lobby, 4, 4), None));
        var touch = await Should.ThrowAsync<StorageException>(async () => await _fixture.Database.Touch(None));

        (write.Fault, touch.Fault).ShouldBe((StorageFault.ReadOnly, StorageFault.ReadOnly));
        (await History.Read(Lobby, 0, 10, 10, int.MaxValue, None)).Messages.Count.ShouldBe(3);
        await server.Server.Execute($"ALTER DATABASE {_fixture.Name} RESET default_transaction_read_only");
        (await History.Append(Append(Lobby, 4, 4), None)).ShouldBe(AppendResult.Committed);
    }

    private async Task<RoomRecord> Open(string epoch = "e1") =>
        (await History.Open(Lobby, Fence, epoch, 20, Now, None)).ShouldNotBeNull();

    /// <summary>Makes the writer of the lobby's shard wait, until disposed.</summary>
    private async Task<PostgresHold> Gate()
    {
        var shut = new RoomId("gate");
        await Open();
        await History.Open(shut, Fence, "e1", 0, Now, None);
        var hold = await PostgresHold.Take(_fixture, "SELECT * FROM room WHERE name = 'gate' FOR UPDATE");
        _ = History.Append(Append(shut, 1, 1), None).AsTask();
        await PostgresHold.Waiting(_fixture, 1);
        return hold;
    }
}

using Verb.Actors.Durability;
using Verb.Actors.Rooms;
using Verb.Actors.Users;
using Verb.Contracts;
using static Verb.Storage.Tests.Contracts.Given;

namespace Verb.Storage.Tests.Sqlite;

public sealed class SqliteDatabaseTests : IDisposable
{
    private readonly SqliteFixture _fixture = new();

    private static CancellationToken None => CancellationToken.None;

    private IHistoryStore History => _fixture.Database.History;

    public void Dispose() => _fixture.Dispose();

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

        var lobby = await Open();
        var second = (await History.Open(other, Fence, "e1", 0, Now, None))!;

        lobby.Epoch.ShouldNotBe("e1");
        second.Epoch.ShouldNotBe("e1");
        second.Epoch.ShouldNotBe(lobby.Epoch);
        lobby.LastSeq.ShouldBe(3);
    }

    [Fact]
    public async Task Expired_entries_leave_the_disk()
    {
        await Open();
        await History.Append(new RoomAppend(Lobby, Fence, "e1", Publications(1, 2), [Entry(1, Now + 10), Entry(2)]), None);

        _fixture.Clock.Advance(TimeSpan.FromMinutes(2));
        await History.Append(Append(Lobby, 3, 3), None);

        (await Scalar("SELECT group_concat(seq) FROM dedupe")).ShouldBe("2");
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
        await History.Append(Append(Lobby, 3, 3), None);
        (await Scalar("SELECT group_concat(seq) FROM dedupe")).ShouldBe("1,2");

        _fixture.Clock.Advance(TimeSpan.FromHours(25));
        await History.Append(Append(Lobby, 4, 4), None);
        (await Scalar("SELECT count(*) FROM dedupe")).ShouldBe("0");
        (await Scalar("SELECT group_concat(name) FROM room")).ShouldBe("lobby");
    }

    [Fact]
    public async Task Beyond_its_queue_a_write_is_refused_and_nothing_of_it_is_stored()
    {
        _fixture.Options.QueueLength = 1;
        await Open();
        using var gate = new WriterGate(_fixture.Database);
        var waiting = History.Append(Append(Lobby, 1, 1), None);

        (await History.Append(Append(Lobby, 2, 2), None)).ShouldBe(AppendResult.Overloaded);
        var opening = await Should.ThrowAsync<StorageException>(async () => await Open());
        opening.Fault.ShouldBe(StorageFault.Overloaded);

        gate.Open();
        (await waiting).ShouldBe(AppendResult.Committed);
        (await Open()).LastSeq.ShouldBe(1);
    }

    [Fact]
    public async Task Beyond_its_bytes_a_write_is_refused_but_a_large_one_is_taken_alone()
    {
        _fixture.Options.QueueBytes = 10;
        await Open();
        using var gate = new WriterGate(_fixture.Database);
        var waiting = History.Append(Append(Lobby, 1, 1), None);

        (await History.Append(Append(Lobby, 2, 2), None)).ShouldBe(AppendResult.Overloaded);

        gate.Open();
        (await waiting).ShouldBe(AppendResult.Committed);
    }

    [Fact]
    public async Task Readers_do_not_wait_for_the_writer()
    {
        await Open();
        await History.Append(Append(Lobby, 1, 3), None);
        using var gate = new WriterGate(_fixture.Database);

        (await History.ReadLatest(Lobby, long.MaxValue, 10, int.MaxValue, None)).Messages.Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_write_cancelled_while_it_waits_is_withdrawn()
    {
        await Open();
        using var cancel = new CancellationTokenSource();
        var gate = new WriterGate(_fixture.Database);
        var waiting = History.Append(Append(Lobby, 1, 1), cancel.Token);

        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(async () => await waiting);
        gate.Dispose();

        (await Open()).LastSeq.ShouldBe(0);
    }

    [Fact]
    public async Task A_refused_write_does_not_harm_those_committed_with_it()
    {
        await Open();
        var gate = new WriterGate(_fixture.Database);
        var first = History.Append(Append(Lobby, 1, 1), None);
        var wrong = History.Append(Append(Lobby, 7, 7), None);
        var second = History.Append(Append(Lobby, 2, 2), None);
        gate.Dispose();

        (await first).ShouldBe(AppendResult.Committed);
        await Should.ThrowAsync<InvalidOperationException>(async () => await wrong);
        (await second).ShouldBe(AppendResult.Committed);
        (await Open()).LastSeq.ShouldBe(2);
    }

    [Fact]
    public async Task What_arrives_during_a_commit_is_committed_together()
    {
        await Open();
        var gate = new WriterGate(_fixture.Database);
        var waiting = Enumerable.Range(1, 500).Select(seq => History.Append(Append(Lobby, seq, seq), None).AsTask()).ToArray();
        var doomed = _fixture.Database.Write<int>(_ => throw Gone(), None);
        gate.Dispose();

        await Should.ThrowAsync<StorageException>(async () => await doomed);
        foreach (var append in waiting)
            await Should.ThrowAsync<StorageException>(() => append);
        (await Open()).LastSeq.ShouldBe(0);
    }

    [Fact]
    public async Task A_bug_in_one_write_does_not_take_others_with_it()
    {
        await Open();
        var gate = new WriterGate(_fixture.Database);
        var first = History.Append(Append(Lobby, 1, 1), None);
        var wrong = _fixture.Database.Write<int>(_ => throw new FormatException("a bug"), None);
        var second = History.Append(Append(Lobby, 2, 2), None);
        gate.Dispose();

        (await first).ShouldBe(AppendResult.Committed);
        await Should.ThrowAsync<FormatException>(async () => await wrong);
        (await second).ShouldBe(AppendResult.Committed);
        (await Open()).Tail.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_room_never_spoken_in_is_forgotten_a_day_after_it_was_made_and_still_takes_its_first_message()
    {
        var spoken = new RoomId("spoken");
        await Open();
        await History.Open(spoken, Fence, "e1", 0, Now, None);
        await History.Append(Append(spoken, 1, 1) with { TrimThroughSeq = 1 }, None);

        _fixture.Clock.Advance(TimeSpan.FromHours(23));
        await History.Open(new RoomId("misdated"), Fence, "e1", 0, now: 0, None);
        (await Scalar("SELECT group_concat(name) FROM (SELECT name FROM room ORDER BY name)")).ShouldBe("lobby,misdated,spoken");

        _fixture.Clock.Advance(TimeSpan.FromHours(2));
        (await History.Append(Append(spoken, 2, 2), None)).ShouldBe(AppendResult.Committed);
        (await Scalar("SELECT group_concat(name) FROM (SELECT name FROM room ORDER BY name)")).ShouldBe("misdated,spoken");

        (await History.Append(Append(Lobby, 1, 1), None)).ShouldBe(AppendResult.Committed);
        var record = await Open("e2");
        (record.Epoch, record.LastSeq).ShouldBe(("e1", 1));
    }

    [Fact]
    public async Task Closing_commits_what_waits_and_refuses_what_comes_later()
    {
        await Open();
        var database = _fixture.Database;
        var gate = new WriterGate(database);
        var waiting = Enumerable.Range(1, 50).Select(seq => History.Append(Append(Lobby, seq, seq), None).AsTask()).ToArray();

        var closing = _fixture.Close();
        gate.Dispose();
        await closing;

        (await Task.WhenAll(waiting)).ShouldAllBe(result => result == AppendResult.Committed);
        var late = await Should.ThrowAsync<StorageException>(
            async () => await database.History.Append(Append(Lobby, 51, 51), None));
        late.Fault.ShouldBe(StorageFault.Closed);
        (await Open()).LastSeq.ShouldBe(50);
    }

    [Fact]
    public void The_file_and_its_directory_are_this_users_only()
    {
        if (OperatingSystem.IsWindows())
            return;
        var directory = Path.Combine(Path.GetDirectoryName(_fixture.Options.Path)!, "not", "yet", "there");
        _fixture.Options.Path = Path.Combine(directory, "verb.db");
        _ = _fixture.Database;

        File.GetUnixFileMode(directory).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        foreach (var file in Directory.GetFiles(directory))
            File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite, file);
    }

    private static StorageException Gone() => new(StorageFault.Device, "The device is gone.");

    private async Task<RoomRecord> Open(string epoch = "e1") =>
        (await History.Open(Lobby, Fence, epoch, 20, Now, None)).ShouldNotBeNull();

    private async Task<string> Scalar(string sql) =>
        await _fixture.Database.Write(session => session.Connection.Scalar(sql), None);
}

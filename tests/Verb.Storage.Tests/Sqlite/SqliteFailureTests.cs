using SQLitePCL;
using Verb.Actors.Durability;
using Verb.Actors.Rooms;
using Verb.Storage.Sqlite;
using static Verb.Storage.Tests.Contracts.Given;

namespace Verb.Storage.Tests.Sqlite;

public sealed class SqliteFailureTests : IDisposable
{
    private readonly SqliteFixture _fixture = new();

    private static CancellationToken None => CancellationToken.None;

    private IHistoryStore History => _fixture.Database.History;

    private string FilePath => _fixture.Options.Path;

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void A_second_process_on_the_same_file_is_refused()
    {
        _ = _fixture.Database;

        Refused(StorageFault.Locked).ShouldEndWith("is in use by another process.");
    }

    [Fact]
    public void A_file_that_is_no_database_is_refused()
    {
        File.WriteAllText(FilePath, new string('x', 10_000));

        Refused(StorageFault.Damaged).ShouldContain("is not a database");
    }

    [Fact]
    public void Another_programs_database_is_refused_untouched()
    {
        using (var foreign = new SqliteConnection(FilePath))
            foreign.Execute("CREATE TABLE theirs(id)");
        var before = File.ReadAllBytes(FilePath);

        Refused(StorageFault.Damaged).ShouldContain("not one of Verb's");
        File.ReadAllBytes(FilePath).ShouldBe(before);
    }

    [Fact]
    public async Task A_newer_schema_is_refused()
    {
        _ = _fixture.Database;
        await _fixture.Close();
        using (var newer = new SqliteConnection(FilePath))
            newer.Execute($"PRAGMA user_version = {SqliteSchema.Version + 1}");

        Refused(StorageFault.Newer).ShouldContain("start the newer Verb");
    }

    [Fact]
    public async Task A_truncated_file_is_refused()
    {
        await Fill(2000);
        await _fixture.Close();
        using (var file = File.OpenWrite(FilePath))
            file.SetLength(file.Length / 2);

        Refused(StorageFault.Damaged).ShouldContain("is damaged");
    }

    [Fact]
    public async Task A_file_with_overwritten_pages_is_refused()
    {
        await Fill(2000);
        await _fixture.Close();
        using (var file = File.OpenWrite(FilePath))
        {
            file.Position = file.Length / 2;
            file.Write(Enumerable.Repeat((byte)0x5a, 8192).ToArray());
        }

        Refused(StorageFault.Damaged).ShouldContain("is damaged");
    }

    [Fact]
    public void A_path_that_cannot_be_made_is_refused()
    {
        File.WriteAllText(FilePath, "");
        _fixture.Options.Path = Path.Combine(FilePath, "below", "verb.db");

        Refused(StorageFault.ReadOnly);
    }

    [Fact]
    public void A_path_that_is_a_directory_is_refused()
    {
        Directory.CreateDirectory(FilePath);

        Refused(StorageFault.ReadOnly);
    }

    [Fact]
    public async Task A_full_database_stores_nothing_of_a_write_and_goes_on_once_there_is_space()
    {
        _fixture.Options.MaxPages = 64;
        await History.Open(Lobby, Fence, "e1", 0, Now, None);
        var acknowledged = 0L;
        var failure = await Should.ThrowAsync<StorageException>(async () =>
        {
            while (await History.Append(Large(acknowledged + 1), None) == AppendResult.Committed)
                acknowledged++;
        });

        failure.Fault.ShouldBe(StorageFault.Full);
        failure.Message.ShouldContain(FilePath);
        acknowledged.ShouldBeGreaterThan(10);
        var record = (await History.Open(Lobby, Fence, "e1", 1000, Now, None))!;
        (record.LastSeq, record.Tail.Count).ShouldBe((acknowledged, (int)acknowledged));

        await _fixture.Database.Write(session => session.Connection.Scalar("PRAGMA max_page_count = 1000"), None);
        (await History.Append(Large(acknowledged + 1), None)).ShouldBe(AppendResult.Committed);

        await _fixture.Reopen();
        (await History.Open(Lobby, Fence, "e1", 1000, Now, None))!.Tail.Select(message => message.Seq)
            .ShouldBe(Enumerable.Range(1, (int)acknowledged + 1).Select(seq => (long)seq));
    }

    [Fact]
    public async Task A_full_database_still_reads_and_trims()
    {
        _fixture.Options.MaxPages = 64;
        await History.Open(Lobby, Fence, "e1", 0, Now, None);
        var last = 0L;
        await Should.ThrowAsync<StorageException>(async () =>
        {
            while (await History.Append(Large(last + 1), None) == AppendResult.Committed)
                last++;
        });

        (await History.Read(Lobby, 0, long.MaxValue, 1000, int.MaxValue, None)).Messages.Count.ShouldBe((int)last);
        await History.Append(new RoomAppend(Lobby, Fence, "e1", [], [], TrimThroughSeq: last - 1), None);

        (await History.Append(Large(last + 1), None)).ShouldBe(AppendResult.Committed);
    }

    [Fact]
    public async Task A_write_too_large_for_the_space_left_does_not_take_others_with_it()
    {
        _fixture.Options.MaxPages = 64;
        await Fill(1);
        var gate = new WriterGate(_fixture.Database);
        var large = History.Append(
            new RoomAppend(Lobby, Fence, "e1", [Publication(2, $"\"{new string('x', 400_000)}\"")], []), None);
        var small = _fixture.Database.Inboxes.MarkSeen(Bob.Id, Fence, Now, anonymous: false, None);
        gate.Dispose();

        (await Should.ThrowAsync<StorageException>(async () => await large)).Fault.ShouldBe(StorageFault.Full);
        (await small).ShouldBe(AppendResult.Committed);
    }

    [Fact]
    public async Task A_database_that_became_read_only_says_so_still_reads_and_works_once_reopened()
    {
        await Fill(3);
        await _fixture.Database.Write(session => session.Connection.Scalar("PRAGMA query_only = ON"), None);

        var failure = await Should.ThrowAsync<StorageException>(async () => await History.Append(Append(Lobby, 4, 4), None));

        failure.Fault.ShouldBe(StorageFault.ReadOnly);
        (await History.Read(Lobby, 0, 10, 10, int.MaxValue, None)).Messages.Count.ShouldBe(3);
        await _fixture.Reopen();
        (await History.Open(Lobby, Fence, "e2", 0, Now, None))!.LastSeq.ShouldBe(3);
        (await History.Append(Append(Lobby, 4, 4), None)).ShouldBe(AppendResult.Committed);
    }

    [Fact]
    public async Task A_file_locked_by_another_program_fails_the_write_and_works_again_afterwards()
    {
        await Fill(3);
        await _fixture.Database.Write(session => session.Connection.Scalar("PRAGMA busy_timeout = 0"), None);
        using (var other = new SqliteConnection(FilePath))
        {
            other.Execute("BEGIN IMMEDIATE");
            var failure = await Should.ThrowAsync<StorageException>(
                async () => await History.Append(Append(Lobby, 4, 4), None));
            failure.Fault.ShouldBe(StorageFault.Locked);
            other.Execute("ROLLBACK");
        }

        (await History.Append(Append(Lobby, 4, 4), None)).ShouldBe(AppendResult.Committed);
    }

    [Theory]
    [InlineData(raw.SQLITE_FULL, StorageFault.Full)]
    [InlineData(raw.SQLITE_IOERR, StorageFault.Device)]
    [InlineData(raw.SQLITE_IOERR | (4 << 8), StorageFault.Device)]
    [InlineData(raw.SQLITE_READONLY | (3 << 8), StorageFault.ReadOnly)]
    [InlineData(raw.SQLITE_CANTOPEN, StorageFault.ReadOnly)]
    [InlineData(raw.SQLITE_CORRUPT, StorageFault.Damaged)]
    [InlineData(raw.SQLITE_NOTADB, StorageFault.Damaged)]
    [InlineData(raw.SQLITE_BUSY | (2 << 8), StorageFault.Locked)]
    [InlineData(raw.SQLITE_ERROR, StorageFault.Device)]
    public void Every_code_has_a_line_for_the_operator(int code, StorageFault fault)
    {
        var failure = SqliteFailure.From(code, "detail", "/data/verb.db");

        failure.Fault.ShouldBe(fault);
        failure.Message.ShouldStartWith("The database '/data/verb.db' ");
        failure.Message.ShouldNotContain("\n");
    }

    private string Refused(StorageFault fault)
    {
        var failure = Should.Throw<StorageException>(() => SqliteDatabase.Open(_fixture.Options, _fixture.Clock));
        failure.Fault.ShouldBe(fault, failure.Message);
        failure.Message.ShouldContain(_fixture.Options.Path);
        failure.Message.ShouldNotContain("\n");
        return failure.Message;
    }

    private async Task Fill(int count)
    {
        await History.Open(Lobby, Fence, "e1", 0, Now, None);
        (await History.Append(Append(Lobby, 1, count), None)).ShouldBe(AppendResult.Committed);
    }

    private static RoomAppend Large(long seq) =>
        new(Lobby, Fence, "e1", [Publication(seq, $"\"{new string('x', 5000)}\"")], []);
}

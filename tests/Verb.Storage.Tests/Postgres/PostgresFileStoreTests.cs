using System.Security.Cryptography;
using Verb.Actors.Durability;
using Verb.Actors.Files;
using Verb.Storage.Files;
using Verb.Storage.Postgres;
using Verb.Storage.Tests.Contracts;

namespace Verb.Storage.Tests.Postgres;

[Collection(PostgresCollection.Name)]
public sealed class PostgresFileStoreTests(PostgresCollection.Fixture server) : FileStoreContract, IAsyncLifetime
{
    private readonly PostgresFixture _fixture = new(server);

    protected override IFileStore Store => _fixture.Database.Files(new FileStoreOptions { MaxBytes = MaxBytes, Quota = Quota, MaxFiles = 100 });

    public async Task InitializeAsync()
    {
        await _fixture.Create();
        await _fixture.Open();
    }

    public async Task DisposeAsync() => await _fixture.DisposeAsync();

    [Fact]
    public async Task Parts_across_blocks_in_any_order_become_one_file_that_another_node_serves_and_seeks_in()
    {
        var bytes = RandomNumberGenerator.GetBytes(2 * FileRows.BlockBytes + 777);
        await using var writer = await Begin(bytes.Length);
        foreach (var offset in (int[])[500_000, 0, 300_000, 100_000, 200_000, 400_000])
        {
            var part = bytes.AsMemory(offset, Math.Min(100_000, bytes.Length - offset));
            (await writer.WriteAt(offset, part, None)).ShouldBeTrue();
        }

        var stored = (await writer.Commit(None)).ShouldBeOfType<FileCommit.Stored>().File;

        stored.Sha256.ShouldBe(Convert.ToHexStringLower(SHA256.HashData(bytes)));
        await using var other = await PostgresDatabase.Open(_fixture.Options, _fixture.Clock, None);
        await using var read = (await other.Files(new FileStoreOptions()).Open(stored.Id, None))!;
        read.File.ShouldBe(stored);
        var tail = new byte[1000];
        read.Stream.Seek(-1000, SeekOrigin.End);
        await read.Stream.ReadExactlyAsync(tail);
        tail.ShouldBe(bytes[^1000..]);
        (await read.Stream.ReadAsync(tail)).ShouldBe(0);
        read.Stream.Position = FileRows.BlockBytes - 500;
        await read.Stream.ReadExactlyAsync(tail);
        tail.ShouldBe(bytes[(FileRows.BlockBytes - 500)..(FileRows.BlockBytes + 500)]);
    }

    [Fact]
    public async Task The_quota_holds_for_all_nodes_together()
    {
        await using var other = await PostgresDatabase.Open(_fixture.Options, _fixture.Clock, None);
        var theirs = other.Files(new FileStoreOptions { MaxBytes = MaxBytes, Quota = Quota });
        await Upload(new byte[MaxBytes], "stored");
        await using var open = await Begin(MaxBytes - 10);

        (await theirs.Begin(Announce(11), None)).ShouldBeOfType<FileBegin.Refused>().Reason.ShouldBe(FileRefusal.Quota);
        await using var last = (await theirs.Begin(Announce(10), None)).ShouldBeOfType<FileBegin.Accepted>().Writer;
    }

    [Fact]
    public async Task The_number_of_files_is_bounded_too()
    {
        for (var i = 0; i < 100; i++)
            await Upload([], "empty");

        (await Store.Begin(Announce(0), None)).ShouldBeOfType<FileBegin.Refused>().Reason.ShouldBe(FileRefusal.Quota);
    }

    [Fact]
    public async Task What_a_crashed_node_left_is_forgotten_after_an_hour_and_its_space_is_free()
    {
        var left = await Begin(MaxBytes);
        await left.WriteAt(0, new byte[MaxBytes], None);
        await _fixture.Scalar("UPDATE file SET touched = now() - interval '59 minutes'");
        await _fixture.Database.Purge(None);
        (await _fixture.Scalar("SELECT count(*) FROM file")).ShouldBe("1");

        await _fixture.Scalar("UPDATE file SET touched = now() - interval '61 minutes'");
        await _fixture.Database.Purge(None);

        (await Everything()).ShouldBe("0 0 0 0");
        var failure = await Should.ThrowAsync<StorageException>(async () => await left.Commit(None));
        failure.Message.ShouldContain("no longer takes");
    }

    [Fact]
    public async Task An_aborted_upload_leaves_nothing()
    {
        var writer = await Begin(MaxBytes);
        await writer.WriteAt(0, new byte[MaxBytes], None);

        await writer.DisposeAsync();

        (await Everything()).ShouldBe("0 0 0 0");
    }

    [Fact]
    public async Task A_stored_file_is_never_purged_and_one_without_a_block_says_so()
    {
        var stored = await Upload(new byte[100], "kept");
        await _fixture.Scalar("UPDATE file SET touched = now() - interval '1 year'");
        await _fixture.Database.Purge(None);
        await using var read = (await Store.Open(stored.Id, None)).ShouldNotBeNull();

        await _fixture.Scalar("DELETE FROM file_block");

        var failure = await Should.ThrowAsync<StorageException>(async () => await read.Stream.ReadExactlyAsync(new byte[1]));
        failure.Fault.ShouldBe(StorageFault.Damaged);
    }

    private Task<string> Everything() => _fixture.Scalar(
        "SELECT (SELECT count(*) FROM file) || ' ' || (SELECT count(*) FROM file_block) || ' ' || bytes || ' ' || files FROM file_space");
}

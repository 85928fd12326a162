using Verb.Actors.Durability;
using Verb.Actors.Files;
using Verb.Storage.Files;
using Verb.Storage.Tests.Contracts;

namespace Verb.Storage.Tests.Files;

public sealed class DiskFileStoreTests : FileStoreContract, IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly FileStoreOptions _options;
    private DiskFileStore? _store;

    public DiskFileStoreTests() =>
        _options = new FileStoreOptions { Path = _directory["uploads"], MaxBytes = MaxBytes, Quota = Quota };

    protected override IFileStore Store => _store ??= DiskFileStore.Open(_options, new ManualClock());

    public void Dispose()
    {
        _store?.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task Files_and_the_quota_survive_a_restart()
    {
        var stored = await Upload(new byte[MaxBytes], "a");
        Restart();

        await using (var read = await Store.Open(stored.Id, None))
            read!.File.ShouldBe(stored);
        await Upload(new byte[MaxBytes], "b");
        (await Store.Begin(Announce(1), None)).ShouldBeOfType<FileBegin.Refused>().Reason.ShouldBe(FileRefusal.Quota);
    }

    [Fact]
    public async Task Nothing_is_left_after_an_abort_or_a_refusal()
    {
        _ = Store;
        var before = Everything();
        var writer = await Begin(1000);
        await writer.WriteAt(0, new byte[500], None);
        await writer.DisposeAsync();
        await Store.Begin(Announce(10, "../x"), None);
        await Store.Begin(Announce(Quota + 1), None);

        Everything().ShouldBe(before);
    }

    [Fact]
    public async Task What_a_crash_left_is_swept_at_the_next_start()
    {
        _ = Store;
        var before = Everything();
        var writer = await Begin(MaxBytes);
        await writer.WriteAt(0, new byte[500], None);

        Restart();
        _ = Store;

        Everything().ShouldBe(before);
        await Upload(new byte[MaxBytes], "a");
        await Upload(new byte[MaxBytes], "b");
        await writer.DisposeAsync();
    }

    [Fact]
    public async Task A_commit_that_fails_leaves_nothing_and_gives_the_space_back()
    {
        _ = Store;
        var before = Everything();
        var writer = await Begin(MaxBytes);
        await writer.WriteAt(0, new byte[MaxBytes], None);
        Directory.CreateDirectory(Path.Combine(_options.Path, "arriving", writer.Id, "record.json"));

        await Should.ThrowAsync<StorageException>(async () => await writer.Commit(None));
        await writer.DisposeAsync();

        Everything().ShouldBe(before);
        await Upload(new byte[MaxBytes], "a");
        await Upload(new byte[MaxBytes], "b");
    }

    [Fact]
    public async Task A_store_that_cannot_be_written_says_so_and_works_again_afterwards()
    {
        _ = Store;
        var arriving = Path.Combine(_options.Path, "arriving");
        Directory.Delete(arriving);
        await File.WriteAllTextAsync(arriving, "");

        var failure = await Should.ThrowAsync<StorageException>(async () => await Store.Begin(Announce(MaxBytes), None));
        failure.Message.ShouldContain(_options.Path);

        File.Delete(arriving);
        await Upload(new byte[MaxBytes], "a");
        await Upload(new byte[MaxBytes], "b");
    }

    [Fact]
    public async Task Only_so_many_files_are_kept()
    {
        _options.MaxFiles = 2;
        await Upload([], "a");
        await Upload([], "b");

        (await Store.Begin(Announce(0), None)).ShouldBeOfType<FileBegin.Refused>().Reason.ShouldBe(FileRefusal.Quota);
    }

    [Fact]
    public void A_second_process_on_the_same_directory_is_refused()
    {
        _ = Store;

        var failure = Should.Throw<StorageException>(() => DiskFileStore.Open(_options, new ManualClock()));

        failure.Fault.ShouldBe(StorageFault.Locked);
        failure.Message.ShouldBe($"The directory of uploads '{_options.Path}' is in use by another process.");
    }

    [Fact]
    public void A_path_that_is_a_file_is_refused()
    {
        File.WriteAllText(_options.Path, "");

        var failure = Should.Throw<StorageException>(() => Store);

        failure.Message.ShouldContain(_options.Path);
    }

    [Theory]
    [InlineData("record.json", "{")]
    [InlineData("record.json", "null")]
    [InlineData("record.json", "{\"owner\":\"\"}")]
    [InlineData("content", "longer")]
    public async Task A_damaged_file_is_not_served(string part, string content)
    {
        var stored = await Upload([1], "a");
        await File.WriteAllTextAsync(Path.Combine(_options.Path, "stored", stored.Id, part), content);

        var failure = await Should.ThrowAsync<StorageException>(async () => await Store.Open(stored.Id, None));

        failure.Fault.ShouldBe(StorageFault.Damaged);
    }

    [Fact]
    public async Task Clients_names_are_not_on_the_disk_as_names()
    {
        await Upload([1], "photo.png");

        Everything().ShouldNotContain(path => path.Contains("photo"));
    }

    [Fact]
    public async Task Files_are_this_users_only()
    {
        if (OperatingSystem.IsWindows())
            return;
        await Upload([1], "a");

        foreach (var path in Directory.GetFiles(_options.Path, "*", SearchOption.AllDirectories))
            File.GetUnixFileMode(path).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite, path);
    }

    private void Restart()
    {
        _store!.Dispose();
        _store = null;
    }

    private string[] Everything() =>
        [.. Directory.GetFileSystemEntries(_options.Path, "*", SearchOption.AllDirectories).Order()];
}

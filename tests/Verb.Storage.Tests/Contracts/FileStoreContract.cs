using System.Security.Cryptography;
using Verb.Actors.Files;
using Verb.Contracts;

namespace Verb.Storage.Tests.Contracts;

/// <summary>What every file store promises; implementers inherit it. Its store takes 1 MiB a file and 2 MiB in all.</summary>
public abstract class FileStoreContract
{
    protected const int MaxBytes = 1 << 20;
    protected const int Quota = 2 << 20;

    protected abstract IFileStore Store { get; }

    protected static CancellationToken None => CancellationToken.None;

    public static TheoryData<string> HostileNames => new(
        "", "   ", ".", "..", " .. ", "../../etc/passwd", "a/b", "a\\b", "C:\\x", "nul\0byte", "line\r\nSet-Cookie: a=b", "tab\t",
        "turned\u202egnp.exe", "delete\u007f", new string('x', 256), new string('ß', 128));

    public static TheoryData<string> PlainNames => new(
        "a", "photo 1 (final).jpeg", "..hidden", "naïve 🙂.txt", "a:b", "%2e%2e%2f", "CON", "\"quoted\"; x=y", new string('ß', 127));

    [Fact]
    public async Task A_file_comes_back_as_it_went_in()
    {
        var bytes = RandomNumberGenerator.GetBytes(200_000);

        var stored = await Upload(bytes, "photo.png", "image/png", new RoomId("lobby"));

        stored.Sha256.ShouldBe(Convert.ToHexStringLower(SHA256.HashData(bytes)));
        await using var read = (await Store.Open(stored.Id, None)).ShouldNotBeNull();
        read.File.ShouldBe(stored);
        (stored.Name, stored.Size, stored.MimeType, stored.Owner, stored.Room)
            .ShouldBe(("photo.png", 200_000, "image/png", Given.Bob.Id, new RoomId("lobby")));
        (await ReadAll(read)).ShouldBe(bytes);
    }

    [Fact]
    public async Task Parts_may_come_in_any_order_and_twice_and_the_later_one_counts()
    {
        var bytes = RandomNumberGenerator.GetBytes(1000);
        await using var writer = await Begin(1000);

        await Write(writer, bytes, 600, 400);
        await Write(writer, new byte[1000], 0, 300);
        await Write(writer, bytes, 0, 300);
        await Write(writer, bytes, 250, 400);

        var stored = (await writer.Commit(None)).ShouldBeOfType<FileCommit.Stored>();
        await using var read = (await Store.Open(stored.File.Id, None))!;
        (await ReadAll(read)).ShouldBe(bytes);
    }

    [Fact]
    public async Task A_missing_part_is_named_and_may_still_come()
    {
        await using var writer = await Begin(1000);
        (await writer.Commit(None)).ShouldBe(new FileCommit.Incomplete(0));
        await Write(writer, new byte[1000], 0, 400);
        await Write(writer, new byte[1000], 600, 400);

        (await writer.Commit(None)).ShouldBe(new FileCommit.Incomplete(400));
        (await Store.Open(writer.Id, None)).ShouldBeNull();

        await Write(writer, new byte[1000], 400, 200);
        (await writer.Commit(None)).ShouldBeOfType<FileCommit.Stored>();
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(0, 101)]
    [InlineData(100, 1)]
    [InlineData(99, 2)]
    [InlineData(long.MaxValue, 1)]
    public async Task A_part_outside_of_the_file_is_not_written(long offset, int length)
    {
        await using var writer = await Begin(100);

        (await writer.WriteAt(offset, new byte[length], None)).ShouldBeFalse();

        (await writer.Commit(None)).ShouldBe(new FileCommit.Incomplete(0));
    }

    [Fact]
    public async Task An_empty_file_is_a_file()
    {
        var stored = await Upload([], "empty");

        await using var read = (await Store.Open(stored.Id, None))!;
        (stored.Size, read.Stream.Length).ShouldBe((0, 0));
    }

    [Theory]
    [MemberData(nameof(HostileNames))]
    public async Task A_hostile_name_is_refused(string name)
    {
        var refused = (await Store.Begin(Announce(10, name), None)).ShouldBeOfType<FileBegin.Refused>();

        refused.Reason.ShouldBe(FileRefusal.Name);
    }

    [Fact]
    public async Task A_name_with_a_lone_surrogate_is_refused()
    {
        foreach (var name in (string[])["\ud800lone", "lone\udfff", "lo\ud83dne"])
            (await Store.Begin(Announce(10, name), None)).ShouldBeOfType<FileBegin.Refused>().Reason.ShouldBe(FileRefusal.Name);
    }

    [Theory]
    [MemberData(nameof(PlainNames))]
    public async Task A_name_that_only_looks_odd_is_kept(string name)
    {
        var stored = await Upload([1, 2, 3], name);

        await using var read = (await Store.Open(stored.Id, None))!;
        read.File.Name.ShouldBe(name);
    }

    [Theory]
    [InlineData("image/png", "image/png")]
    [InlineData("Text/HTML; charset=utf-8", "text/html")]
    [InlineData("application/vnd.api+json", "application/vnd.api+json")]
    [InlineData("", "application/octet-stream")]
    [InlineData("png", "application/octet-stream")]
    [InlineData("/png", "application/octet-stream")]
    [InlineData("image/", "application/octet-stream")]
    [InlineData("a/b/c", "application/octet-stream")]
    [InlineData("text/html\r\nSet-Cookie: a=b", "application/octet-stream")]
    [InlineData("te xt/html", "application/octet-stream")]
    [InlineData("täxt/html", "application/octet-stream")]
    public async Task A_media_type_is_cleaned(string claimed, string kept) =>
        (await Upload([1], "a", claimed)).MimeType.ShouldBe(kept);

    [Theory]
    [InlineData(-1)]
    [InlineData(MaxBytes + 1)]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue)]
    public async Task A_size_out_of_bounds_is_refused(long size) =>
        (await Store.Begin(Announce(size), None)).ShouldBeOfType<FileBegin.Refused>().Reason.ShouldBe(FileRefusal.Size);

    [Fact]
    public async Task The_quota_counts_stored_files_and_those_being_uploaded()
    {
        await Upload(new byte[MaxBytes], "stored");
        var open = await Begin(MaxBytes - 10);

        (await Store.Begin(Announce(11), None)).ShouldBeOfType<FileBegin.Refused>().Reason.ShouldBe(FileRefusal.Quota);
        await using var last = await Begin(10);

        await open.DisposeAsync();
        await using var instead = await Begin(MaxBytes - 10);
    }

    [Fact]
    public async Task An_aborted_file_is_gone_and_cannot_be_written()
    {
        var writer = await Begin(10);
        await Write(writer, new byte[10], 0, 10);

        await writer.DisposeAsync();
        await writer.DisposeAsync();

        (await Store.Open(writer.Id, None)).ShouldBeNull();
        await Should.ThrowAsync<ObjectDisposedException>(async () => await writer.WriteAt(0, new byte[1], None));
        await Should.ThrowAsync<ObjectDisposedException>(async () => await writer.Commit(None));
    }

    [Fact]
    public async Task Disposing_a_stored_files_writer_leaves_the_file()
    {
        var writer = await Begin(1);
        await writer.WriteAt(0, new byte[1], None);
        await writer.Commit(None);
        await writer.DisposeAsync();

        await using var read = await Store.Open(writer.Id, None);
        read.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_deleted_file_is_gone_and_gives_its_space_back()
    {
        var stored = await Upload(new byte[MaxBytes], "a");
        await Upload(new byte[MaxBytes], "b");

        await Store.Delete(stored.Id, None);
        await Store.Delete(stored.Id, None);
        await Store.Delete("..", None);
        await Store.Delete("nul\0", None);

        (await Store.Open(stored.Id, None)).ShouldBeNull();
        await Upload(new byte[MaxBytes], "c");
        (await Store.Begin(Announce(1), None)).ShouldBeOfType<FileBegin.Refused>().Reason.ShouldBe(FileRefusal.Quota);
    }

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("../arriving")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("AAAAAAAAAAAAAAAAAAAA/.")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAA\0")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAÀ")]
    public async Task An_id_that_is_none_finds_nothing(string id) =>
        (await Store.Open(id, None)).ShouldBeNull();

    [Fact]
    public async Task Ids_hold_128_bits_and_differ()
    {
        var ids = new HashSet<string>();
        for (var i = 0; i < 50; i++)
            ids.Add((await Upload([1], "a")).Id).ShouldBeTrue();

        ids.ShouldAllBe(id => System.Buffers.Text.Base64Url.DecodeFromChars(id).Length == 16);
    }

    [Fact]
    public async Task Files_uploaded_at_once_do_not_mix()
    {
        var uploads = await Task.WhenAll(Enumerable.Range(0, 16).Select(async i =>
        {
            await using var writer = await Begin(5000);
            var bytes = Enumerable.Repeat((byte)i, 5000).ToArray();
            for (var offset = 0; offset < 5000; offset += 500)
                await Write(writer, bytes, offset, 500);
            return ((FileCommit.Stored)await writer.Commit(None)).File;
        }));

        for (var i = 0; i < uploads.Length; i++)
        {
            await using var read = (await Store.Open(uploads[i].Id, None))!;
            (await ReadAll(read)).ShouldAllBe(value => value == i);
        }
    }

    protected static FileUpload Announce(long size, string name = "file.bin", string mimeType = "image/png", RoomId? room = null) =>
        new(name, size, mimeType, Given.Bob.Id, room);

    protected async Task<IFileWriter> Begin(long size) =>
        (await Store.Begin(Announce(size), None)).ShouldBeOfType<FileBegin.Accepted>().Writer;

    protected async Task<StoredFile> Upload(byte[] bytes, string name, string mimeType = "image/png", RoomId? room = null)
    {
        var begin = await Store.Begin(Announce(bytes.Length, name, mimeType, room), None);
        await using var writer = begin.ShouldBeOfType<FileBegin.Accepted>().Writer;
        (await writer.WriteAt(0, bytes, None)).ShouldBeTrue();
        return (await writer.Commit(None)).ShouldBeOfType<FileCommit.Stored>().File;
    }

    private static async Task Write(IFileWriter writer, byte[] bytes, int offset, int length) =>
        (await writer.WriteAt(offset, bytes.AsMemory(offset, length), None)).ShouldBeTrue();

    private static async Task<byte[]> ReadAll(FileContent read)
    {
        using var copy = new MemoryStream();
        await read.Stream.CopyToAsync(copy);
        return copy.ToArray();
    }
}

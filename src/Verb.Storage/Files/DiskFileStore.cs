using System.Text.Json;
using Verb.Actors.Durability;
using Verb.Actors.Files;

namespace Verb.Storage.Files;

/// <summary>
/// Uploaded files in a directory: each a directory of its own with content and record, made under <c>arriving</c> and moved
/// to <c>stored</c> in one step. What a crash leaves under <c>arriving</c> is swept at the next start.
/// </summary>
public sealed class DiskFileStore : IFileStore, IDisposable
{
    private const string Content = "content";
    private const string Record = "record.json";

    private readonly FileSpace _space;
    private readonly TimeProvider _clock;
    private readonly FileStream _lock;

    private DiskFileStore(FileStoreOptions options, TimeProvider clock)
    {
        _space = new FileSpace(options);
        _clock = clock;
        Root = Path.GetFullPath(options.Path);
        PrivateDirectory.Create(Root);
        _lock = PrivateFile.Hold(Path.Combine(Root, ".lock"), $"The directory of uploads '{Root}'");
        Sweep();
    }

    internal string Root { get; }

    private string Arriving => Path.Combine(Root, "arriving");

    private string Stored => Path.Combine(Root, "stored");

    /// <summary>Opens the directory, making it where it is missing, and sweeps what never became a file.</summary>
    /// <param name="options">Where and how much; validated.</param>
    /// <param name="clock">Dates the files.</param>
    /// <exception cref="StorageException">The directory cannot be used; the message is one line that names it.</exception>
    public static DiskFileStore Open(FileStoreOptions options, TimeProvider clock)
    {
        try
        {
            return new DiskFileStore(options, clock);
        }
        catch (Exception cause) when (FileFailure.IsOne(cause))
        {
            throw FileFailure.From(cause, options.Path);
        }
    }

    /// <inheritdoc/>
    public ValueTask<FileBegin> Begin(FileUpload upload, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (FileName.Refusal(upload.Name) is { } refusal)
            return new(new FileBegin.Refused(FileRefusal.Name, refusal));
        if (_space.Reserve(upload.Size) is { } refused)
            return new(refused);
        var id = FileId.New();
        try
        {
            return new(new FileBegin.Accepted(new DiskFileWriter(this, id, upload)));
        }
        catch (Exception cause) when (FileFailure.IsOne(cause))
        {
            Forget(id, upload.Size);
            throw FileFailure.From(cause, Root);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<FileContent?> Open(string id, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (!FileId.IsValid(id))
            return null;
        var directory = Path.Combine(Stored, id);
        try
        {
            var file = FileRecord.Read(await File.ReadAllBytesAsync(Path.Combine(directory, Record), cancellation));
            var stream = new FileStream(
                Path.Combine(directory, Content), FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, useAsync: true);
            if (stream.Length == file.Size)
                return new FileContent(file, stream);
            await stream.DisposeAsync();
            throw Damaged(id);
        }
        catch (Exception cause) when (cause is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (JsonException)
        {
            throw Damaged(id);
        }
        catch (Exception cause) when (FileFailure.IsOne(cause))
        {
            throw FileFailure.From(cause, Root);
        }
    }

    /// <inheritdoc/>
    public ValueTask Delete(string id, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (!FileId.IsValid(id))
            return ValueTask.CompletedTask;
        try
        {
            var content = new FileInfo(Path.Combine(Stored, id, Content));
            if (!content.Exists)
                return ValueTask.CompletedTask;
            var size = content.Length;
            Directory.Delete(Path.Combine(Stored, id), recursive: true);
            _space.Release(size);
            return ValueTask.CompletedTask;
        }
        catch (Exception cause) when (FileFailure.IsOne(cause))
        {
            throw FileFailure.From(cause, Root);
        }
    }

    /// <summary>Gives the directory back. Files being read or written are not touched.</summary>
    public void Dispose() => _lock.Dispose();

    internal string Arrive(string id)
    {
        var directory = Path.Combine(Arriving, id);
        PrivateDirectory.Create(directory);
        return Path.Combine(directory, Content);
    }

    /// <summary>Makes a complete, synced content a stored file.</summary>
    internal async ValueTask<StoredFile> Store(string id, FileUpload upload, string sha256, CancellationToken cancellation)
    {
        var timestamp = _clock.GetUtcNow().ToUnixTimeMilliseconds();
        var file = new StoredFile(
            id, upload.Name, upload.Size, MediaType.Clean(upload.MimeType), sha256, upload.Owner, upload.Room, timestamp);
        var directory = Path.Combine(Arriving, id);
        await PrivateFile.Write(Path.Combine(directory, Record), FileRecord.Write(file), cancellation);
        PrivateDirectory.Sync(directory);
        Directory.Move(directory, Path.Combine(Stored, id));
        PrivateDirectory.Sync(Stored);
        return file;
    }

    /// <summary>Leaves nothing of a file that did not become one.</summary>
    internal void Forget(string id, long size)
    {
        try
        {
            foreach (var directory in (string[])[Path.Combine(Arriving, id), Path.Combine(Stored, id)])
            {
                if (Directory.Exists(directory))
                    Directory.Delete(directory, recursive: true);
            }
        }
        catch (Exception cause) when (FileFailure.IsOne(cause))
        {
            // Swept at the next start; until then it takes space, so what was reserved stays so.
            return;
        }

        _space.Release(size);
    }

    private void Sweep()
    {
        if (Directory.Exists(Arriving))
            Directory.Delete(Arriving, recursive: true);
        PrivateDirectory.Create(Arriving);
        PrivateDirectory.Create(Stored);
        foreach (var directory in new DirectoryInfo(Stored).EnumerateDirectories())
        {
            var content = new FileInfo(Path.Combine(directory.FullName, Content));
            _space.Count(content.Exists ? content.Length : 0);
        }
    }

    private StorageException Damaged(string id) =>
        new(StorageFault.Damaged, $"The uploaded file '{Path.Combine(Stored, id)}' is damaged.");
}

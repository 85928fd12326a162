using Verb.Actors.Durability;
using Verb.Actors.Files;

namespace Verb.TestKit.Files;

/// <summary>Keeps files in memory, and fails when told to. It refuses names that could be taken for paths, like every store.</summary>
public sealed class MemoryFileStore : IFileStore
{
    private readonly Dictionary<string, (StoredFile File, byte[] Bytes)> _stored = [];
    private TaskCompletionSource? _held;
    private int _lastId;

    /// <summary>The largest file it takes.</summary>
    public long MaxBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>Whether every call fails.</summary>
    public bool IsBroken { get; set; }

    /// <summary>How it fails: by default as a device does.</summary>
    public StorageFault Fault { get; set; } = StorageFault.Device;

    /// <summary>The files that are stored.</summary>
    public IReadOnlyList<StoredFile> Stored => [.. _stored.Values.Select(file => file.File)];

    /// <summary>How many writers were given out and not disposed.</summary>
    public int OpenWriters { get; internal set; }

    /// <summary>The bytes of a stored file.</summary>
    public byte[] BytesOf(string id) => _stored[id].Bytes;

    /// <summary>From here on no call completes until <see cref="Release"/>.</summary>
    public void Hold() => _held ??= new TaskCompletionSource();

    /// <summary>The calls that wait go on.</summary>
    public void Release()
    {
        var held = _held;
        _held = null;
        held?.SetResult();
    }

    /// <inheritdoc/>
    public async ValueTask<FileBegin> Begin(FileUpload upload, CancellationToken cancellation)
    {
        await Turn();
        if (upload.Name is "" or "." or ".." || upload.Name.AsSpan().ContainsAny('/', '\\', '\0'))
            return new FileBegin.Refused(FileRefusal.Name, $"The file name '{upload.Name}' could be taken for a path.");
        if (upload.Size < 0 || upload.Size > MaxBytes)
            return new FileBegin.Refused(FileRefusal.Size, $"A file has at most {MaxBytes} bytes.");
        OpenWriters++;
        return new FileBegin.Accepted(new MemoryFileWriter(this, $"file-{++_lastId}", upload));
    }

    /// <inheritdoc/>
    public async ValueTask<FileContent?> Open(string id, CancellationToken cancellation)
    {
        await Turn();
        return _stored.TryGetValue(id, out var found) ? new FileContent(found.File, new MemoryStream(found.Bytes, writable: false)) : null;
    }

    /// <inheritdoc/>
    public async ValueTask Delete(string id, CancellationToken cancellation)
    {
        await Turn();
        _stored.Remove(id);
    }

    internal async ValueTask Turn()
    {
        if (_held is { } held)
            await held.Task;
        if (IsBroken)
            throw new StorageException(Fault, "The store is broken.");
    }

    internal void Keep(StoredFile file, byte[] bytes) => _stored[file.Id] = (file, bytes);
}

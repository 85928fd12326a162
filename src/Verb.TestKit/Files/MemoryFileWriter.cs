using System.Security.Cryptography;
using Verb.Actors.Files;

namespace Verb.TestKit.Files;

/// <summary>Takes the bytes of one file of a <see cref="MemoryFileStore"/>.</summary>
internal sealed class MemoryFileWriter(MemoryFileStore store, string id, FileUpload upload) : IFileWriter
{
    private readonly byte[] _bytes = new byte[upload.Size];
    private readonly bool[] _written = new bool[upload.Size];
    private bool _disposed;
    private bool _busy;

    public string Id => id;

    public async ValueTask<bool> WriteAt(long offset, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        await Turn();
        if (offset < 0 || offset + bytes.Length > _bytes.Length)
            return false;
        bytes.CopyTo(_bytes.AsMemory((int)offset));
        _written.AsSpan((int)offset, bytes.Length).Fill(true);
        return true;
    }

    public async ValueTask<FileCommit> Commit(CancellationToken cancellation)
    {
        await Turn();
        var missing = Array.IndexOf(_written, false);
        if (missing >= 0)
            return new FileCommit.Incomplete(missing);
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(_bytes));
        var file = new StoredFile(id, upload.Name, upload.Size, upload.MimeType, sha256, upload.Owner, upload.Room, 0);
        store.Keep(file, _bytes);
        return new FileCommit.Stored(file);
    }

    public ValueTask DisposeAsync()
    {
        if (_busy)
            throw new InvalidOperationException("Disposed while a call was under way.");
        if (!_disposed)
            store.OpenWriters--;
        _disposed = true;
        return default;
    }

    /// <summary>One call at a time: the contract of every writer.</summary>
    private async ValueTask Turn()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_busy)
            throw new InvalidOperationException("A second call while one was under way.");
        _busy = true;
        try
        {
            await store.Turn();
        }
        finally
        {
            _busy = false;
        }
    }
}

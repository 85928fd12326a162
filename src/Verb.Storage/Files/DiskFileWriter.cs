using System.Buffers;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using Verb.Actors.Files;

namespace Verb.Storage.Files;

/// <summary>Writes one file of a <see cref="DiskFileStore"/>.</summary>
internal sealed class DiskFileWriter : IFileWriter
{
    private const int BufferBytes = 128 * 1024;

    private readonly WrittenRanges _written = new();
    private readonly DiskFileStore _store;
    private readonly FileUpload _upload;
    private readonly SafeFileHandle _content;
    private bool _ended;

    public DiskFileWriter(DiskFileStore store, string id, FileUpload upload)
    {
        (_store, Id, _upload) = (store, id, upload);
        var path = store.Arrive(id);
        _content = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, FileOptions.Asynchronous);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(_content, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    public string Id { get; }

    public async ValueTask<bool> WriteAt(long offset, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(_ended, this);
        if (offset < 0 || bytes.Length > _upload.Size - offset)
            return false;
        try
        {
            await RandomAccess.WriteAsync(_content, bytes, offset, cancellation);
        }
        catch (Exception cause) when (FileFailure.IsOne(cause))
        {
            throw FileFailure.From(cause, _store.Root);
        }

        _written.Add(offset, offset + bytes.Length);
        return true;
    }

    public async ValueTask<FileCommit> Commit(CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(_ended, this);
        if (_written.FirstGap(_upload.Size) is { } gap)
            return new FileCommit.Incomplete(gap);
        try
        {
            var digest = await Digest(cancellation);
            RandomAccess.FlushToDisk(_content);
            _content.Dispose();
            var file = await _store.Store(Id, _upload, digest, cancellation);
            _ended = true;
            return new FileCommit.Stored(file);
        }
        catch (Exception cause) when (FileFailure.IsOne(cause))
        {
            throw FileFailure.From(cause, _store.Root);
        }
    }

    public ValueTask DisposeAsync()
    {
        if (_ended)
            return ValueTask.CompletedTask;
        _ended = true;
        _content.Dispose();
        _store.Forget(Id, _upload.Size);
        return ValueTask.CompletedTask;
    }

    private async ValueTask<string> Digest(CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            for (var offset = 0L; offset < _upload.Size;)
            {
                var read = await RandomAccess.ReadAsync(_content, buffer, offset, cancellation);
                hash.AppendData(buffer, 0, read);
                offset += read > 0 ? read : throw new EndOfStreamException();
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}

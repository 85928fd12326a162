using System.Buffers;
using System.Security.Cryptography;
using Verb.Actors.Files;
using Verb.Storage.Files;

namespace Verb.Storage.Postgres;

/// <summary>Writes one file of a <see cref="PostgresFileStore"/>: holds the block being written, and fetches it again where parts jump.</summary>
internal sealed class PostgresFileWriter(PostgresFileStore store, string id, FileUpload upload) : IFileWriter
{
    private const int NoBlock = -1;

    private readonly WrittenRanges _written = new();
    private readonly HashSet<int> _stored = [];
    private byte[]? _buffer;
    private int _block = NoBlock;
    private bool _isChanged;
    private bool _ended;

    public string Id => id;

    public async ValueTask<bool> WriteAt(long offset, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(_ended, this);
        if (offset < 0 || bytes.Length > upload.Size - offset)
            return false;
        for (var (at, rest) = (offset, bytes); rest.Length > 0;)
        {
            await Turn((int)(at / FileRows.BlockBytes), cancellation);
            var within = (int)(at % FileRows.BlockBytes);
            var part = rest[..Math.Min(rest.Length, FileRows.BlockBytes - within)];
            part.CopyTo(_buffer.AsMemory(within));
            _isChanged = true;
            _written.Add(at, at + part.Length);
            (at, rest) = (at + part.Length, rest[part.Length..]);
        }

        return true;
    }

    public async ValueTask<FileCommit> Commit(CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(_ended, this);
        if (_written.FirstGap(upload.Size) is { } gap)
            return new FileCommit.Incomplete(gap);
        await Flush(cancellation);
        var file = await store.Store(id, upload, await Digest(cancellation), cancellation);
        End();
        return new FileCommit.Stored(file);
    }

    public async ValueTask DisposeAsync()
    {
        if (_ended)
            return;
        End();
        await store.Forget(id);
    }

    /// <summary>Makes a block the one being written.</summary>
    private async ValueTask Turn(int block, CancellationToken cancellation)
    {
        if (block == _block)
            return;
        await Flush(cancellation);
        _buffer ??= ArrayPool<byte>.Shared.Rent(FileRows.BlockBytes);
        _block = NoBlock;
        if (_stored.Contains(block))
            (await store.Get(id, block, Length(block), cancellation)).CopyTo(_buffer, 0);
        else
            Array.Clear(_buffer);
        _block = block;
    }

    private async ValueTask Flush(CancellationToken cancellation)
    {
        if (!_isChanged)
            return;
        await store.Put(id, _block, _buffer.AsMemory(0, Length(_block)), cancellation);
        _stored.Add(_block);
        _isChanged = false;
    }

    private async ValueTask<string> Digest(CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var block = 0; Length(block) > 0; block++)
        {
            if (block == _block)
                hash.AppendData(_buffer!, 0, Length(block));
            else
                hash.AppendData(await store.Get(id, block, Length(block), cancellation));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private int Length(int block) => (int)Math.Clamp(upload.Size - (long)block * FileRows.BlockBytes, 0, FileRows.BlockBytes);

    private void End()
    {
        _ended = true;
        if (_buffer is not null)
            ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = null;
    }
}

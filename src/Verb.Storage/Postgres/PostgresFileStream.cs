namespace Verb.Storage.Postgres;

/// <summary>A stored file's bytes, one block in memory at a time.</summary>
internal sealed class PostgresFileStream(PostgresFileStore store, string id, long length) : Stream
{
    private byte[] _body = [];
    private int _block = -1;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position { get; set; }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty || Position >= length)
            return 0;
        var block = (int)(Position / FileRows.BlockBytes);
        if (block != _block)
        {
            var first = (long)block * FileRows.BlockBytes;
            _body = await store.Get(id, block, (int)Math.Min(FileRows.BlockBytes, length - first), cancellationToken);
            _block = block;
        }

        var rest = _body.AsMemory((int)(Position % FileRows.BlockBytes));
        var read = Math.Min(rest.Length, buffer.Length);
        rest[..read].CopyTo(buffer);
        Position += read;
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) =>
        ReadAsync(buffer.AsMemory(offset, count), CancellationToken.None).AsTask().GetAwaiter().GetResult();

    public override long Seek(long offset, SeekOrigin origin)
    {
        var target = offset + origin switch
        {
            SeekOrigin.Begin => 0,
            SeekOrigin.Current => Position,
            _ => length,
        };
        return Position = target >= 0 ? target : throw new IOException("There is nothing before the start of a file.");
    }

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}

using System.Buffers;

namespace Verb.Gateway.WebSockets.Frames;

/// <summary>Bytes gathered in one rented array that grows with what came, never with what was announced. Holds nothing while empty.</summary>
internal sealed class PooledBuffer(ArrayPool<byte> pool)
{
    private const int Smallest = 256;
    private byte[] _array = [];

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Written => _array.AsMemory(0, Length);

    public Span<byte> WrittenSpan => _array.AsSpan(0, Length);

    /// <summary>At least <paramref name="atLeast"/> free bytes behind what is written.</summary>
    public Span<byte> Free(int atLeast)
    {
        if (_array.Length - Length < atLeast)
            Grow(atLeast);
        return _array.AsSpan(Length);
    }

    public void Advance(int written) => Length += written;

    /// <summary>Takes back the last bytes.</summary>
    public void Trim(int bytes) => Length -= bytes;

    /// <summary>Takes back what stands behind the first bytes; how much that was.</summary>
    public int TrimTo(int bytes)
    {
        var behind = Math.Max(0, Length - bytes);
        Length -= behind;
        return behind;
    }

    /// <summary>Gives the array back; what <see cref="Written"/> gave is invalid from here on.</summary>
    public void Release()
    {
        if (_array.Length > 0)
            pool.Return(_array);
        _array = [];
        Length = 0;
    }

    private void Grow(int atLeast)
    {
        var wanted = Math.Max(Math.Max(Smallest, checked(Length + atLeast)), (int)Math.Min(2L * _array.Length, Array.MaxLength));
        var larger = pool.Rent(wanted);
        WrittenSpan.CopyTo(larger);
        if (_array.Length > 0)
            pool.Return(_array);
        _array = larger;
    }
}

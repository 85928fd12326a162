using System.Buffers;

namespace Verb.Gateway.Tests.WebSockets;

/// <summary>Counts what is rented and spoils what is returned, so that a use after the return shows.</summary>
internal sealed class CountingPool : ArrayPool<byte>
{
    private readonly HashSet<byte[]> _rented = new(ReferenceEqualityComparer.Instance);

    public int Outstanding => _rented.Count;

    public int Largest { get; private set; }

    public override byte[] Rent(int minimumLength)
    {
        var array = new byte[minimumLength];
        _rented.Add(array);
        Largest = Math.Max(Largest, minimumLength);
        return array;
    }

    public override void Return(byte[] array, bool clearArray = false)
    {
        _rented.Remove(array).ShouldBeTrue("returned twice, or never rented");
        array.AsSpan().Fill(0xDD);
    }
}

using System.Diagnostics.CodeAnalysis;

namespace Verb.Actors.Kernel;

/// <summary>
/// A lock of four bytes, held for a few instructions and never across foreign code or a second entry. It takes one interlocked instruction
/// where a monitor takes two, and an inflated monitor more; a <see cref="Lock"/> would cost each actor 48 bytes.
/// </summary>
internal struct Gate
{
    private int _held;

    [UnscopedRef]
    public Scope Enter()
    {
        if (Interlocked.CompareExchange(ref _held, 1, 0) != 0)
            Contend();
        return new Scope(ref _held);
    }

    private void Contend()
    {
        // Whoever holds it may have lost its processor: give up one's own, but never sleep for a millisecond.
        var wait = new SpinWait();
        do
            wait.SpinOnce(sleep1Threshold: -1);
        while (Volatile.Read(ref _held) != 0 || Interlocked.CompareExchange(ref _held, 1, 0) != 0);
    }

    public readonly ref struct Scope
    {
        private readonly ref int _held;

        public Scope(ref int held) => _held = ref held;

        public void Dispose() => Volatile.Write(ref _held, 0);
    }
}

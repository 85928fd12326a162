using System.Diagnostics.CodeAnalysis;

namespace Verb.Actors.Mailboxes;

/// <summary>A lock of four bytes for a few instructions at a time. Not to be entered twice by one thread.</summary>
internal struct SpinGate
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
        var wait = default(SpinWait);
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

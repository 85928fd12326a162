using System.Runtime.CompilerServices;

namespace Verb.Actors.Kernel;

/// <summary>
/// Two growable arrays: one is filled under the cell's lock, the other emptied without it on the cell's turn; when that one is used up they swap.
/// </summary>
internal struct SwapQueue<T>
{
    private const int SmallestArray = 4;
    private const int LargestKept = 64;

    private T[]? _in;
    private T[]? _out;
    private int _inCount;
    private int _outCount;
    private int _outNext;

    /// <summary>How many wait. Under the lock it can only be too high, by messages taken this very moment.</summary>
    public readonly int Count => _inCount + _outCount - Volatile.Read(in _outNext);

    /// <summary>Whether anything came since the last swap; without the lock it is a hint.</summary>
    public readonly bool AnyNew => Volatile.Read(in _inCount) > 0;

    /// <summary>Whether a bound is reached. Under the lock; looks at what the turn writes only where it must, which keeps their processors apart.</summary>
    public readonly bool IsFull(int bound) => _inCount + _outCount >= bound && Count >= bound;

    /// <summary>How many came since the last swap. Under the lock.</summary>
    public readonly int NewCount => _inCount;

    /// <summary>How many were taken since the last swap. On the turn.</summary>
    public readonly int Position => _outNext;

    /// <summary>Under the lock.</summary>
    public void Add(T item)
    {
        if (_in is null)
            _in = new T[SmallestArray];
        else if (_inCount == _in.Length)
            Array.Resize(ref _in, _inCount * 2);
        _in[_inCount++] = item;
    }

    /// <summary>On the turn.</summary>
    public bool TryTake(out T item)
    {
        var next = _outNext;
        if (next >= _outCount)
        {
            item = default!;
            return false;
        }

        item = _out![next];
        if (RuntimeHelpers.IsReferenceOrContainsReferences<T>())
            _out[next] = default!;
        Volatile.Write(ref _outNext, next + 1);
        return true;
    }

    /// <summary>On the turn and under the lock, with everything taken.</summary>
    public void Swap()
    {
        (_in, _out) = (_out, _in);
        _outCount = _inCount;
        _inCount = 0;
        _outNext = 0;
    }

    /// <summary>On the turn and under the lock, with nothing waiting: keeps one array at most, and no large one.</summary>
    public void Shrink()
    {
        var kept = _in ?? _out;
        _in = kept is { Length: <= LargestKept } ? kept : null;
        _out = null;
        _outCount = _outNext = 0;
    }
}

using Verb.Actors.Durability;
using Verb.Actors.Rooms;
using Verb.Actors.Sharding;
using Verb.Contracts;

namespace Verb.Actors.Tests.Rooms;

/// <summary>A history in memory that is slow, full, broken or overtaken when a test says so.</summary>
internal sealed class ScriptedHistoryStore : IHistoryStore
{
    private InMemoryHistoryStore _kept = new();
    private TaskCompletionSource? _gate;

    /// <summary>What becomes of the next writes; then they commit again.</summary>
    public Queue<AppendFault> Faults { get; } = new();

    /// <summary>What becomes of each write that has no fault of its own.</summary>
    public Func<AppendFault> EachAppend { get; set; } = () => AppendFault.None;

    /// <summary>Whether opening fails.</summary>
    public Func<bool> OpenFails { get; set; } = () => false;

    /// <summary>Whether reading fails.</summary>
    public bool ReadFails { get; set; }

    /// <summary>Whether another owner has a higher term.</summary>
    public bool IsOvertaken { get; set; }

    /// <summary>Every write that was asked for.</summary>
    public List<RoomAppend> Appends { get; } = [];

    /// <summary>Every page that was read.</summary>
    public int Reads { get; private set; }

    /// <summary>Writes wait from here on until <see cref="Release"/>.</summary>
    public void Hold() => _gate ??= new TaskCompletionSource();

    public void Release()
    {
        var gate = _gate;
        _gate = null;
        gate?.SetResult();
    }

    /// <summary>What the writes under way wait for, for the test to release; later ones do not wait for it.</summary>
    public TaskCompletionSource TakeGate()
    {
        var gate = _gate!;
        _gate = null;
        return gate;
    }

    /// <summary>Everything is gone.</summary>
    public void Forget() => _kept = new InMemoryHistoryStore();

    public ValueTask<RoomRecord?> Open(
        RoomId room, Fence fence, string newEpoch, int tail, long now, CancellationToken cancellation)
    {
        if (OpenFails())
            throw new StorageException(StorageFault.Device, "The disk is gone.");
        return IsOvertaken ? new((RoomRecord?)null) : _kept.Open(room, fence, newEpoch, tail, now, cancellation);
    }

    public async ValueTask<AppendResult> Append(RoomAppend append, CancellationToken cancellation)
    {
        Appends.Add(append);
        var fault = Faults.TryDequeue(out var next) ? next : EachAppend();
        if (fault == AppendFault.ThrowsAtOnce)
            throw new StorageException(StorageFault.Closed, "The store is closed.");
        if (_gate is { } gate)
            await gate.Task;
        switch (fault)
        {
            case AppendFault.Overloaded:
                return AppendResult.Overloaded;
            case AppendFault.FenceLost:
                return AppendResult.FenceLost;
            case AppendFault.FailsUnstored:
                throw new StorageException(StorageFault.Device, "Nothing was written.");
            case AppendFault.FailsStored:
                await _kept.Append(append, cancellation);
                throw new StorageException(StorageFault.Device, "It was written, and then the disk failed.");
            default:
                return await _kept.Append(append, cancellation);
        }
    }

    public ValueTask<HistoryPage> Read(
        RoomId room, long afterSeq, long throughSeq, int limit, int maxBytes, CancellationToken cancellation)
    {
        Reads++;
        if (ReadFails)
            throw new StorageException(StorageFault.Device, "The disk is gone.");
        return _kept.Read(room, afterSeq, throughSeq, limit, maxBytes, cancellation);
    }

    public ValueTask<HistoryPage> ReadLatest(
        RoomId room, long beforeSeq, int limit, int maxBytes, CancellationToken cancellation)
    {
        Reads++;
        if (ReadFails)
            throw new StorageException(StorageFault.Device, "The disk is gone.");
        return _kept.ReadLatest(room, beforeSeq, limit, maxBytes, cancellation);
    }
}

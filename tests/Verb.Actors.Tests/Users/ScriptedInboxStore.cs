using Verb.Actors.Durability;
using Verb.Actors.Sharding;
using Verb.Actors.Tests.Rooms;
using Verb.Actors.Users;
using Verb.Contracts;

namespace Verb.Actors.Tests.Users;

/// <summary>Inboxes in memory that are slow, full or broken when a test says so.</summary>
internal sealed class ScriptedInboxStore : IInboxStore
{
    private readonly InMemoryInboxStore _kept = new();
    private TaskCompletionSource? _gate;

    /// <summary>What becomes of the next items; then they commit again.</summary>
    public Queue<AppendFault> Faults { get; } = new();

    public bool IsDown { get; set; }

    public bool MarkingFails { get; set; }

    /// <summary>How many writes are under way.</summary>
    public int Writing { get; private set; }

    public void Hold() => _gate ??= new TaskCompletionSource();

    public void Release()
    {
        var gate = _gate;
        _gate = null;
        gate?.SetResult();
    }

    public ValueTask<InboxRecord?> Open(UserId user, Fence fence, long now, CancellationToken cancellation) =>
        IsDown ? throw new StorageException(StorageFault.Device, "The disk is gone.") : _kept.Open(user, fence, now, cancellation);

    public ValueTask<AppendResult> MarkSeen(UserId user, Fence fence, long at, bool anonymous, CancellationToken cancellation) =>
        MarkingFails ? throw new StorageException(StorageFault.Device, "The disk is gone.") : _kept.MarkSeen(user, fence, at, anonymous, cancellation);

    public async ValueTask<AppendResult> Append(InboxAppend append, CancellationToken cancellation)
    {
        var fault = Faults.TryDequeue(out var next) ? next : AppendFault.None;
        if (fault == AppendFault.ThrowsAtOnce)
            throw new StorageException(StorageFault.Closed, "The store is closed.");
        Writing++;
        Writing.ShouldBe(1, "writes for one user are made one after the other");
        if (_gate is { } gate)
            await gate.Task;
        Writing--;
        if (fault is AppendFault.Overloaded or AppendFault.FenceLost)
            return fault == AppendFault.Overloaded ? AppendResult.Overloaded : AppendResult.FenceLost;
        if (fault != AppendFault.FailsUnstored)
            await _kept.Append(append, cancellation);
        return fault == AppendFault.None ? AppendResult.Committed : throw new StorageException(StorageFault.Device, "The disk failed.");
    }

    public ValueTask<AppendResult> Ack(UserId user, Fence fence, long seq, CancellationToken cancellation) =>
        IsDown ? throw new StorageException(StorageFault.Device, "The disk is gone.") : _kept.Ack(user, fence, seq, cancellation);
}

using Verb.Actors.Durability;
using Verb.Actors.Sharding;
using Verb.Contracts;

namespace Verb.Actors.Users;

/// <summary>Inboxes that are gone with the process.</summary>
public sealed class InMemoryInboxStore : IInboxStore
{
    private static readonly long Day = (long)TimeSpan.FromHours(24).TotalMilliseconds;
    private static readonly long Hour = (long)TimeSpan.FromHours(1).TotalMilliseconds;

    private readonly Lock _lock = new();
    private readonly FenceTable _fences = new();
    private readonly Dictionary<UserId, UserInbox> _inboxes = [];
    private long _swept;

    /// <inheritdoc/>
    public ValueTask<InboxRecord?> Open(UserId user, Fence fence, long now, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        lock (_lock)
        {
            if (!_fences.Holds(fence))
                return new((InboxRecord?)null);
            Sweep(now);
            return new(_inboxes.TryGetValue(user, out var inbox) ? inbox.Load(now) : InboxRecord.Empty);
        }
    }

    /// <inheritdoc/>
    public ValueTask<AppendResult> MarkSeen(
        UserId user, Fence fence, long at, bool anonymous, CancellationToken cancellation) =>
        Write(user, fence, inbox => inbox.MarkSeen(at, anonymous), cancellation);

    /// <inheritdoc/>
    public ValueTask<AppendResult> Append(InboxAppend append, CancellationToken cancellation) =>
        Write(append.User, append.Fence, inbox => inbox.Append(append), cancellation);

    /// <inheritdoc/>
    public ValueTask<AppendResult> Ack(UserId user, Fence fence, long seq, CancellationToken cancellation) =>
        Write(user, fence, inbox => inbox.Ack(seq), cancellation);

    private ValueTask<AppendResult> Write(
        UserId user, Fence fence, Action<UserInbox> change, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        lock (_lock)
        {
            if (!_fences.Holds(fence))
                return new(AppendResult.FenceLost);
            if (!_inboxes.TryGetValue(user, out var inbox))
                _inboxes[user] = inbox = new UserInbox();
            change(inbox);
            return new(AppendResult.Committed);
        }
    }

    private void Sweep(long now)
    {
        if (now - _swept < Hour)
            return;
        _swept = now;
        foreach (var (user, inbox) in _inboxes)
        {
            if (inbox.Outlived(now - Day))
                _inboxes.Remove(user);
        }
    }
}

using Verb.Actors.Durability;
using Verb.Actors.Sharding;
using Verb.Actors.Users;
using Verb.Contracts;

namespace Verb.Gateway.Hosting;

/// <summary>An inbox store whose failures and refusals the operator hears of.</summary>
internal sealed class WatchedInboxStore(IInboxStore store, StorageLog log) : IInboxStore
{
    public ValueTask<InboxRecord?> Open(UserId user, Fence fence, long now, CancellationToken cancellation) =>
        log.Watch(fence, store.Open(user, fence, now, cancellation));

    public ValueTask<AppendResult> MarkSeen(UserId user, Fence fence, long at, bool anonymous, CancellationToken cancellation) =>
        log.Watch(0, fence, store.MarkSeen(user, fence, at, anonymous, cancellation));

    public ValueTask<AppendResult> Append(InboxAppend append, CancellationToken cancellation) =>
        log.Watch(append.Item.Body.Length, append.Fence, store.Append(append, cancellation));

    public ValueTask<AppendResult> Ack(UserId user, Fence fence, long seq, CancellationToken cancellation) =>
        log.Watch(0, fence, store.Ack(user, fence, seq, cancellation));
}

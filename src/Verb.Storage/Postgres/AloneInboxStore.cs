using Verb.Actors.Durability;
using Verb.Actors.Sharding;
using Verb.Actors.Users;
using Verb.Contracts;

namespace Verb.Storage.Postgres;

/// <summary>The inboxes of a hub that is alone and claimed every shard: whatever fence it names, the claimed term counts.</summary>
internal sealed class AloneInboxStore(IInboxStore store, IReadOnlyList<long> terms) : IInboxStore
{
    public ValueTask<InboxRecord?> Open(UserId user, Fence fence, long now, CancellationToken cancellation) =>
        store.Open(user, Claimed(user), now, cancellation);

    public ValueTask<AppendResult> MarkSeen(UserId user, Fence fence, long at, bool anonymous, CancellationToken cancellation) =>
        store.MarkSeen(user, Claimed(user), at, anonymous, cancellation);

    public ValueTask<AppendResult> Append(InboxAppend append, CancellationToken cancellation) =>
        store.Append(append with { Fence = Claimed(append.User) }, cancellation);

    public ValueTask<AppendResult> Ack(UserId user, Fence fence, long seq, CancellationToken cancellation) =>
        store.Ack(user, Claimed(user), seq, cancellation);

    private Fence Claimed(UserId user)
    {
        var shard = Shards.Of(user);
        return new(shard, terms[shard]);
    }
}

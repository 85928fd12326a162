using Verb.Actors.Durability;
using Verb.Actors.Sharding;
using Verb.Actors.Users;
using Verb.Contracts;

namespace Verb.TestKit.Simulation;

/// <summary>A node's way to the inboxes.</summary>
internal sealed class SimInboxStore(SimDatabase database, SimProcess process, NodeId node) : IInboxStore
{
    /// <inheritdoc/>
    public async ValueTask<InboxRecord?> Open(UserId user, Fence fence, long now, CancellationToken cancellation) =>
        await database.Call(process, "open inbox", () => database.Holds(node, fence) ? database.Open(user, now) : null, cancellation);

    /// <inheritdoc/>
    public ValueTask<AppendResult> MarkSeen(UserId user, Fence fence, long at, bool anonymous, CancellationToken cancellation) =>
        Write("mark seen", fence, user, inbox => inbox.MarkSeen(at, anonymous), cancellation);

    /// <inheritdoc/>
    public ValueTask<AppendResult> Append(InboxAppend append, CancellationToken cancellation) =>
        Write("append to inbox", append.Fence, append.User, inbox => inbox.Append(append), cancellation);

    /// <inheritdoc/>
    public ValueTask<AppendResult> Ack(UserId user, Fence fence, long seq, CancellationToken cancellation) =>
        Write("acknowledge", fence, user, inbox => inbox.Ack(seq), cancellation);

    private async ValueTask<AppendResult> Write(string name, Fence fence, UserId user, Action<UserInbox> change, CancellationToken cancellation) =>
        await database.Write(process, name, node, fence, () => change(database.Inbox(user)), cancellation);
}

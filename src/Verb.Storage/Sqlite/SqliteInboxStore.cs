using Verb.Actors.Durability;
using Verb.Actors.Sharding;
using Verb.Actors.Users;
using Verb.Contracts;

namespace Verb.Storage.Sqlite;

/// <summary>Users' inboxes in the database of a single node.</summary>
internal sealed class SqliteInboxStore(SqliteDatabase database) : IInboxStore
{
    public ValueTask<InboxRecord?> Open(UserId user, Fence fence, long now, CancellationToken cancellation) =>
        database.Write(session => database.Fences.Holds(fence) ? session.Inboxes.Open(user, now) : null, cancellation);

    public ValueTask<AppendResult> MarkSeen(
        UserId user, Fence fence, long at, bool anonymous, CancellationToken cancellation) =>
        Write(fence, inboxes => inboxes.MarkSeen(user, at, anonymous), 0, cancellation);

    public ValueTask<AppendResult> Append(InboxAppend append, CancellationToken cancellation) =>
        Write(append.Fence, inboxes => inboxes.Append(append), append.Item.Body.Length, cancellation);

    public ValueTask<AppendResult> Ack(UserId user, Fence fence, long seq, CancellationToken cancellation) =>
        Write(fence, inboxes => inboxes.Ack(user, seq), 0, cancellation);

    private ValueTask<AppendResult> Write(
        Fence fence, Action<InboxTables> change, long bytes, CancellationToken cancellation)
    {
        return database.TryWrite(Change, bytes, cancellation) ?? new(AppendResult.Overloaded);

        AppendResult Change(SqliteSession session)
        {
            if (!database.Fences.Holds(fence))
                return AppendResult.FenceLost;
            change(session.Inboxes);
            return AppendResult.Committed;
        }
    }
}

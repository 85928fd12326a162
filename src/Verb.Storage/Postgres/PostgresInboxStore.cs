using Npgsql;
using Verb.Actors.Durability;
using Verb.Actors.Sharding;
using Verb.Actors.Users;
using Verb.Contracts;

namespace Verb.Storage.Postgres;

/// <summary>Users' inboxes in a database that nodes share.</summary>
internal sealed class PostgresInboxStore(PostgresDatabase database) : IInboxStore
{
    private const string Items =
        """
        SELECT seq, message_id, kind, sender, username, role, body, timestamp FROM inbox
        WHERE recipient = (SELECT id FROM recipient WHERE name = $1) ORDER BY seq
        """;

    private const string Dedupe =
        """
        SELECT sender, message_id, seq, timestamp, expires FROM inbox_dedupe
        WHERE recipient = (SELECT id FROM recipient WHERE name = $1) AND expires > $2 ORDER BY seq
        """;

    public async ValueTask<InboxRecord?> Open(UserId user, Fence fence, long now, CancellationToken cancellation) =>
        await database.ReadBack(
            fence,
            async connection =>
            {
                await using var batch = new NpgsqlBatch(connection);
                batch.BatchCommands.Add(new NpgsqlBatchCommand("SELECT id FROM shard WHERE id = $1 AND term = $2 FOR SHARE")
                    .With(fence.Shard).With(fence.Term));
                batch.BatchCommands.Add(new NpgsqlBatchCommand("SELECT last_seq, acked_seq, seen IS NOT NULL FROM recipient WHERE name = $1")
                    .With(user.Value));
                batch.BatchCommands.Add(new NpgsqlBatchCommand(Items).With(user.Value));
                batch.BatchCommands.Add(new NpgsqlBatchCommand(Dedupe).With(user.Value).With(now));
                await using var reader = await batch.ExecuteReaderAsync(cancellation);
                if (!await reader.ReadAsync(cancellation))
                    return null;
                await reader.NextResultAsync(cancellation);
                return await reader.ReadAsync(cancellation) ? await Read(reader, cancellation) : InboxRecord.Empty;
            },
            cancellation);

    public ValueTask<AppendResult> MarkSeen(UserId user, Fence fence, long at, bool anonymous, CancellationToken cancellation) =>
        database.Write(new InboxSeenWork(user, fence, at, anonymous, cancellation), cancellation);

    public ValueTask<AppendResult> Append(InboxAppend append, CancellationToken cancellation) =>
        database.Write(new InboxAppendWork(append, cancellation), cancellation);

    public ValueTask<AppendResult> Ack(UserId user, Fence fence, long seq, CancellationToken cancellation) =>
        database.Write(new InboxAckWork(user, fence, seq, cancellation), cancellation);

    private static async Task<InboxRecord> Read(NpgsqlDataReader reader, CancellationToken cancellation)
    {
        var (lastSeq, ackedSeq, seen) = (reader.GetInt64(0), reader.GetInt64(1), reader.GetBoolean(2));
        await reader.NextResultAsync(cancellation);
        var items = new List<InboxItem>();
        while (await reader.ReadAsync(cancellation))
        {
            var from = await reader.IsDBNullAsync(3, cancellation)
                ? null
                : new User(new UserId(reader.GetString(3)), reader.GetString(4), reader.GetString(5));
            items.Add(new InboxItem(
                reader.GetInt64(0),
                reader.GetString(1),
                (InboxItemKind)reader.GetInt32(2),
                from,
                reader.GetFieldValue<byte[]>(6),
                reader.GetInt64(7)));
        }

        await reader.NextResultAsync(cancellation);
        return new InboxRecord(seen, lastSeq, ackedSeq, items, await DedupeRows.Read(reader, cancellation));
    }
}

// Appends to every room of a database until it is killed, and prints each seq once it is acknowledged: "room seq messageId".
using System.Text;
using Verb.Actors.Durability;
using Verb.Actors.Rooms;
using Verb.Actors.Sharding;
using Verb.Contracts;
using Verb.Storage.Sqlite;

var rooms = int.Parse(args[1]);
var fence = new Fence(0, 1);
// Large, so that a kill finds a commit under way.
var message = Encoding.UTF8.GetBytes($"\"{new string('x', 30_000)}\"");
var ann = new User(new UserId("ann"), "Ann", "user");
await using var database = SqliteDatabase.Open(new SqliteOptions { Path = args[0] }, TimeProvider.System);
var console = TextWriter.Synchronized(new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true });
await Task.WhenAll(Enumerable.Range(0, rooms).Select(room => Write(new RoomId($"room-{room}"))));

async Task Write(RoomId room)
{
    var opened = await database.History.Open(room, fence, Guid.NewGuid().ToString("N"), 0, Now(), default) ?? throw new IOException();
    console.WriteLine($"open {room} {opened.Epoch}");
    for (var seq = opened.LastSeq + 1; ; seq += 2)
    {
        Publication[] batch = [Publication(seq), Publication(seq + 1)];
        var dedupe = batch.Select(sent => new DedupeEntry(ann.Id, sent.MessageId, sent.Seq, 0, long.MaxValue)).ToArray();
        var result = await database.History.Append(new RoomAppend(room, fence, "e", batch, dedupe), default);
        if (result != AppendResult.Committed)
            throw new IOException(result.ToString());
        foreach (var sent in batch)
            console.WriteLine($"ack {room} {sent.Seq} {sent.MessageId}");
    }
}

Publication Publication(long seq) =>
    new(seq, Guid.NewGuid().ToString("N"), ann, message, seq);

static long Now() => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

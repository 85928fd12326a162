using System.Diagnostics;
using System.Globalization;
using System.Text;
using Verb.Actors.Durability;
using Verb.Actors.Rooms;
using Verb.Actors.Sharding;
using Verb.Contracts;
using Verb.Postgres.Testing;
using Verb.Storage.Postgres;
using Verb.Storage.Sqlite;

namespace Verb.Bench.History;

/// <summary>
/// Rows a second into history: so many rooms that each write one message at a time, so a commit takes what arrived during
/// the one before; and one room that writes so many messages at once.
/// </summary>
internal static class HistoryBench
{
    private const int Kept = 100;
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(1);
    private static readonly int[] Sizes = [1, 16, 128, 1024];
    private static readonly User Ann = new(new UserId("user-ann"), "Ann", "user");
    private static readonly byte[] Message = Encoding.UTF8.GetBytes($"\"{new string('x', 98)}\"");

    public static async Task<int> Run()
    {
        await using var server = await PostgresServer.Start();
        await Rates(server, rooms: 16, batch: 1);
        Console.WriteLine("rows/s of 100 B with dedupe, the last 100 kept      memory      sqlite    postgres");
        foreach (var rooms in Sizes)
            await Print(server, $"{rooms} rooms, one message at a time", rooms, batch: 1);
        foreach (var batch in Sizes)
            await Print(server, $"1 room, {batch} messages at a time", rooms: 1, batch);
        return 0;
    }

    private static async Task Print(PostgresServer server, string title, int rooms, int batch)
    {
        var (memory, sqlite, postgres) = await Rates(server, rooms, batch);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{title,-46} {memory,12:N0} {sqlite,11:N0} {postgres,11:N0}"));
    }

    private static async Task<(double Memory, double Sqlite, double Postgres)> Rates(PostgresServer server, int rooms, int batch)
    {
        var memory = await Measure(new InMemoryHistoryStore(), rooms, batch);
        var directory = Directory.CreateTempSubdirectory("verb-bench-");
        double sqlite;
        await using (var database = SqliteDatabase.Open(
            new SqliteOptions { Path = Path.Combine(directory.FullName, "verb.db") }, TimeProvider.System))
        {
            sqlite = await Measure(database.History, rooms, batch);
        }

        directory.Delete(recursive: true);
        await using var shared = await PostgresDatabase.Open(
            new PostgresOptions { ConnectionString = await server.CreateDatabase() }, TimeProvider.System, CancellationToken.None);
        return (memory, sqlite, await Measure(shared.History, rooms, batch));
    }

    private static async Task<double> Measure(IHistoryStore store, int rooms, int batch)
    {
        var start = Stopwatch.GetTimestamp();
        var rows = await Task.WhenAll(
            Enumerable.Range(0, rooms).Select(room => Task.Run(() => Write(store, new RoomId($"room-{room}"), batch, start))));
        return rows.Sum() / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static async Task<long> Write(IHistoryStore store, RoomId room, int batch, long start)
    {
        var fence = new Fence(Shards.Of(room), 0); // A new database's first term.
        await store.Open(room, fence, "epoch", 0, 0, CancellationToken.None);
        var seq = 0L;
        while (Stopwatch.GetElapsedTime(start) < Duration)
        {
            var publications = new Publication[batch];
            var dedupe = new DedupeEntry[batch];
            for (var i = 0; i < batch; i++)
            {
                publications[i] = new Publication(++seq, seq.ToString(CultureInfo.InvariantCulture), Ann, Message, seq);
                dedupe[i] = new DedupeEntry(Ann.Id, publications[i].MessageId, seq, seq, long.MaxValue);
            }

            await store.Append(new RoomAppend(room, fence, "e", publications, dedupe, seq - Kept), CancellationToken.None);
        }

        return seq;
    }
}

using System.Collections.Concurrent;
using Verb.Actors.Durability;
using Verb.Actors.Rooms;
using Verb.Contracts;
using Verb.Postgres.Testing;
using Verb.Storage.Postgres;
using static Verb.Storage.Tests.Contracts.Given;

namespace Verb.Storage.Tests.Postgres;

public sealed class PostgresCrashTests : IAsyncLifetime
{
    private const int Rooms = 8;

    private readonly ConcurrentQueue<(RoomId Room, long Seq)> _acknowledged = [];
    private PostgresServer _server = null!;

    private static CancellationToken None => CancellationToken.None;

    public async Task InitializeAsync() => _server = await PostgresServer.Start();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task A_server_killed_in_mid_flight_again_and_again_loses_nothing_acknowledged()
    {
        var options = new PostgresOptions { ConnectionString = await _server.CreateDatabase() };
        await using var database = await PostgresDatabase.Open(options, TimeProvider.System, None);
        var fences = await database.ClaimAll("writer", None);
        var history = database.History;
        foreach (var acknowledgements in (int[])[20, 1, 200])
        {
            using var enough = new SemaphoreSlim(0);
            var writers = Enumerable.Range(0, Rooms).Select(i => Write(history, new RoomId($"room-{i}"), fences, enough)).ToArray();
            for (var i = 0; i < acknowledgements; i++)
                await enough.WaitAsync();
            await _server.Kill();
            foreach (var writer in writers)
                (await Should.ThrowAsync<StorageException>(() => writer)).Fault.ShouldBe(StorageFault.Device);
            await _server.Restart();
        }

        var records = new Dictionary<RoomId, RoomRecord>();
        for (var i = 0; i < Rooms; i++)
            records[new RoomId($"room-{i}")] = (await history.Open(new RoomId($"room-{i}"), fences[Actors.Sharding.Shards.Of(new RoomId($"room-{i}"))], "new", int.MaxValue, 0, None))!;
        _acknowledged.Count.ShouldBeGreaterThan(220);
        foreach (var (room, seq) in _acknowledged)
            records[room].LastSeq.ShouldBeGreaterThanOrEqualTo(seq);
        foreach (var record in records.Values)
        {
            long[] seqs = [.. Enumerable.Range(1, (int)record.LastSeq).Select(seq => (long)seq)];
            record.Epoch.ShouldBe("e");
            record.Tail.Select(message => message.Seq).ShouldBe(seqs);
            record.Dedupe.Select(entry => entry.Seq).ShouldBe(seqs);
        }
    }

    /// <summary>Appends, two at a time, from where the room stands, until the server is gone.</summary>
    private async Task Write(IHistoryStore history, RoomId room, IReadOnlyList<Actors.Sharding.Fence> fences, SemaphoreSlim enough)
    {
        var fence = fences[Actors.Sharding.Shards.Of(room)];
        for (var seq = (await history.Open(room, fence, "e", 0, 0, None))!.LastSeq + 1; ; seq += 2)
        {
            DedupeEntry[] dedupe = [Entry(seq, long.MaxValue), Entry(seq + 1, long.MaxValue)];
            (await history.Append(new RoomAppend(room, fence, "e", Publications(seq, seq + 1), dedupe), None)).ShouldBe(AppendResult.Committed);
            _acknowledged.Enqueue((room, seq + 1));
            enough.Release();
        }
    }
}

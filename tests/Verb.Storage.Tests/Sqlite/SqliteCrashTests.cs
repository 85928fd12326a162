using Verb.Actors.Rooms;
using Verb.Contracts;
using static Verb.Storage.Tests.Contracts.Given;

namespace Verb.Storage.Tests.Sqlite;

public sealed class SqliteCrashTests : IDisposable
{
    private readonly SqliteFixture _fixture = new();

    private static CancellationToken None => CancellationToken.None;

    private string FilePath => _fixture.Options.Path;

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task Killed_in_mid_flight_again_and_again_nothing_acknowledged_is_missing_or_doubled()
    {
        const int Rooms = 8;
        var writer = new CrashWriter();
        foreach (var acknowledgements in (int[])[1, 50, 700, 7, 300, 150, 90, 30])
            writer.Run(FilePath, Rooms, acknowledgements);

        var acknowledged = writer.Acknowledged.ToLookup(ack => ack.Room);
        acknowledged.Count.ShouldBe(Rooms);
        foreach (var room in acknowledged)
        {
            var record = await Load(new RoomId(room.Key));
            record.Epoch.ShouldBe(writer.Epochs[room.Key]);
            var stored = record.Tail.ToDictionary(message => message.Seq, message => message.MessageId);
            foreach (var (_, seq, id) in room)
                stored[seq].ShouldBe(id);
            record.LastSeq.ShouldBeGreaterThanOrEqualTo(room.Max(ack => ack.Seq));
        }
    }

    [Fact]
    public async Task A_log_torn_anywhere_loses_only_whole_writes_from_its_end()
    {
        await _fixture.Database.History.Open(Lobby, Fence, "e1", 0, Now, None);
        for (var seq = 1; seq <= 60; seq += 2)
        {
            var dedupe = new[] { Entry(seq), Entry(seq + 1) };
            await _fixture.Database.History.Append(new RoomAppend(Lobby, Fence, "e1", Publications(seq, seq + 1), dedupe), None);
        }

        // As a crash leaves it: the log not folded into the file.
        var (file, log) = (await ReadShared(FilePath), await ReadShared(FilePath + "-wal"));
        await _fixture.Close();
        var before = 60L;
        for (var length = log.Length; length > 0; length -= 7321)
        {
            var last = await LastSeqWith(file, log[..length]);
            last.ShouldBeLessThanOrEqualTo(before);
            before = last;
        }

        before.ShouldBeLessThan(60);
    }

    [Fact]
    public async Task A_log_with_rubbish_at_its_end_loses_nothing()
    {
        await _fixture.Database.History.Open(Lobby, Fence, "e1", 0, Now, None);
        await _fixture.Database.History.Append(Append(Lobby, 1, 10) with { Dedupe = [.. Enumerable.Range(1, 10).Select(seq => Entry(seq))] }, None);
        var (file, log) = (await ReadShared(FilePath), await ReadShared(FilePath + "-wal"));
        await _fixture.Close();

        (await LastSeqWith(file, [.. log, .. Enumerable.Repeat((byte)0xa5, 9000)])).ShouldBe(10);
    }

    private async Task<long> LastSeqWith(byte[] file, byte[] log)
    {
        await _fixture.Close();
        foreach (var stale in Directory.GetFiles(Path.GetDirectoryName(FilePath)!))
            File.Delete(stale);
        await File.WriteAllBytesAsync(FilePath, file);
        await File.WriteAllBytesAsync(FilePath + "-wal", log);
        return (await Load(Lobby)).LastSeq;
    }

    /// <summary>The whole room: no gap, nothing doubled, every message with its dedupe entry.</summary>
    private async Task<RoomRecord> Load(RoomId room)
    {
        var record = (await _fixture.Database.History.Open(room, Fence, "new", int.MaxValue, Now, None))!;
        var seqs = Enumerable.Range(1, (int)record.LastSeq).Select(seq => (long)seq).ToArray();
        record.Tail.Select(message => message.Seq).ShouldBe(seqs);
        record.Tail.Select(message => message.MessageId).Distinct().Count().ShouldBe(seqs.Length);
        record.Dedupe.Select(entry => entry.Seq).ShouldBe(seqs);
        return record;
    }

    private static async Task<byte[]> ReadShared(string path)
    {
        await using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var bytes = new byte[stream.Length];
        await stream.ReadExactlyAsync(bytes);
        return bytes;
    }
}

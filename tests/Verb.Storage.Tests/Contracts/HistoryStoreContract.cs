using Verb.Actors.Durability;
using Verb.Actors.Rooms;
using Verb.Contracts;
using static Verb.Storage.Tests.Contracts.Given;

namespace Verb.Storage.Tests.Contracts;

/// <summary>What every history store promises; implementers inherit it.</summary>
public abstract class HistoryStoreContract
{
    protected abstract IHistoryStore Store { get; }

    private static CancellationToken None => CancellationToken.None;

    [Fact]
    public async Task An_unknown_room_opens_empty_with_the_new_epoch()
    {
        var record = await Open();

        record.Epoch.ShouldBe("e1");
        (record.LastSeq, record.FirstSeq).ShouldBe((0, 1));
        record.Tail.ShouldBeEmpty();
        record.Dedupe.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_room_keeps_its_first_epoch()
    {
        await Open();

        (await Store.Open(Lobby, Fence, "e2", 20, Now, None))!.Epoch.ShouldBe("e1");
    }

    [Fact]
    public async Task A_message_comes_back_as_it_went_in()
    {
        await Open();
        var sent = new Publication(1, "m-ß", Bob with { Username = "B\"öb" }, "{\"a\":[1,\u00a0null]}"u8.ToArray(), Now);
        await Store.Append(new RoomAppend(Lobby, Fence, "e1", [sent], []), None);

        var read = (await Open()).Tail.ShouldHaveSingleItem();

        (read.Seq, read.MessageId, read.From, read.Timestamp).ShouldBe((1, sent.MessageId, sent.From, Now));
        read.Message.ToArray().ShouldBe(sent.Message.ToArray());
    }

    [Fact]
    public async Task Opening_loads_the_latest_messages_ascending()
    {
        await Fill(1, 30);

        var record = await Open(tail: 20);

        (record.LastSeq, record.FirstSeq).ShouldBe((30, 1));
        Seqs(record.Tail).ShouldBe(Range(11, 30));
        (await Open(tail: 0)).Tail.ShouldBeEmpty();
    }

    [Fact]
    public async Task Reading_forward_gives_what_follows_through_the_last_wanted()
    {
        await Fill(1, 30);

        var page = await Store.Read(Lobby, 10, 25, 100, int.MaxValue, None);

        Seqs(page.Messages).ShouldBe(Range(11, 25));
        (page.Complete, page.FirstSeq).ShouldBe((true, 1));
    }

    [Fact]
    public async Task Reading_forward_is_cut_at_the_limit_and_says_so()
    {
        await Fill(1, 30);

        var page = await Store.Read(Lobby, 10, long.MaxValue, 5, int.MaxValue, None);

        Seqs(page.Messages).ShouldBe(Range(11, 15));
        page.Complete.ShouldBeFalse();
        (await Store.Read(Lobby, 25, long.MaxValue, 5, int.MaxValue, None)).Complete.ShouldBeTrue();
    }

    [Fact]
    public async Task Reading_is_cut_at_the_bytes_but_never_below_one_message()
    {
        await Fill(1, 9);
        var size = Publication(1).Size;

        var three = await Store.Read(Lobby, 0, long.MaxValue, 100, 3 * size, None);
        var one = await Store.Read(Lobby, 0, long.MaxValue, 100, 1, None);
        var latest = await Store.ReadLatest(Lobby, long.MaxValue, 100, 3 * size, None);

        (Seqs(three.Messages).Last(), three.Complete).ShouldBe((3, false));
        (Seqs(one.Messages).Single(), one.Complete).ShouldBe((1, false));
        Seqs(latest.Messages).ShouldBe(Range(7, 9));
        latest.Complete.ShouldBeFalse();
    }

    [Fact]
    public async Task Reading_back_gives_the_latest_before_ascending()
    {
        await Fill(1, 30);

        Seqs((await Store.ReadLatest(Lobby, 21, 5, int.MaxValue, None)).Messages).ShouldBe(Range(16, 20));
        Seqs((await Store.ReadLatest(Lobby, long.MaxValue, 5, int.MaxValue, None)).Messages).ShouldBe(Range(26, 30));
        var start = await Store.ReadLatest(Lobby, 4, 5, int.MaxValue, None);
        Seqs(start.Messages).ShouldBe(Range(1, 3));
        start.Complete.ShouldBeTrue();
    }

    [Theory]
    [InlineData(-5, 3, 3)]
    [InlineData(30, long.MaxValue, 0)]
    [InlineData(long.MaxValue, long.MaxValue, 0)]
    [InlineData(9, 3, 0)]
    [InlineData(long.MinValue, long.MinValue, 0)]
    public async Task Reading_outside_of_what_there_is_gives_what_there_is(long after, long through, int count)
    {
        await Fill(1, 30);

        var page = await Store.Read(Lobby, after, through, 100, int.MaxValue, None);

        (page.Messages.Count, page.Complete).ShouldBe((count, true));
    }

    [Fact]
    public async Task An_unknown_room_reads_empty()
    {
        var forward = await Store.Read(new RoomId("nowhere"), 0, long.MaxValue, 10, 1000, None);
        var back = await Store.ReadLatest(new RoomId("nowhere"), long.MaxValue, 10, 1000, None);

        (forward.Messages.Count, forward.Complete, forward.FirstSeq).ShouldBe((0, true, 1));
        (back.Messages.Count, back.Complete, back.FirstSeq).ShouldBe((0, true, 1));
    }

    [Fact]
    public async Task Rooms_differ_by_case_and_do_not_mix()
    {
        var shout = new RoomId("LOBBY");
        await Fill(1, 3);
        (await Store.Open(shout, Fence, "e9", 20, Now, None))!.LastSeq.ShouldBe(0);
        await Store.Append(Append(shout, 1, 1), None);

        (await Open()).LastSeq.ShouldBe(3);
    }

    [Fact]
    public async Task Trimming_by_number_goes_with_the_write_and_keeps_the_last_seq()
    {
        await Fill(1, 10);
        await Store.Append(Append(Lobby, 11, 12, trimThrough: 5), None);

        var record = await Open();
        (record.LastSeq, record.FirstSeq).ShouldBe((12, 6));
        Seqs(record.Tail).ShouldBe(Range(6, 12));

        await Store.Append(new RoomAppend(Lobby, Fence, "e1", [], [], TrimThroughSeq: 12), None);
        record = await Open();
        (record.LastSeq, record.FirstSeq, record.Tail.Count).ShouldBe((12, 13, 0));
        (await Store.Read(Lobby, 3, long.MaxValue, 10, 1000, None)).FirstSeq.ShouldBe(13);
    }

    [Fact]
    public async Task Trimming_by_age_never_leaves_a_hole_even_if_the_clock_went_back()
    {
        await Open();
        Publication[] sent = [Publication(1, at: Now), Publication(2, at: Now + 50), Publication(3, at: Now - 50), Publication(4)];
        await Store.Append(new RoomAppend(Lobby, Fence, "e1", sent, [], TrimBefore: Now + 1), None);

        Seqs((await Open()).Tail).ShouldBe(Range(2, 4));

        await Store.Append(new RoomAppend(Lobby, Fence, "e1", [], [], TrimBefore: Now + 1000), None);
        (await Open()).FirstSeq.ShouldBe(5);
    }

    [Fact]
    public async Task The_dedupe_window_outlives_trimming_and_ends_when_it_expires()
    {
        await Open();
        await Store.Append(
            new RoomAppend(Lobby, Fence, "e1", Publications(1, 2), [Entry(1, Now + 10), Entry(2)], TrimThroughSeq: 2), None);

        (await Open()).Dedupe.ShouldBe([Entry(1, Now + 10), Entry(2)]);
        (await Open(now: Now + 10)).Dedupe.ShouldBe([Entry(2)]);
    }

    [Fact]
    public async Task A_message_id_used_again_after_its_window_gets_a_new_entry()
    {
        await Open();
        await Store.Append(new RoomAppend(Lobby, Fence, "e1", Publications(1, 1), [Entry(1, Now + 10)]), None);
        var again = new DedupeEntry(Ann.Id, "m1", 2, Now + 20, Now + 600_000);
        await Store.Append(new RoomAppend(Lobby, Fence, "e1", Publications(2, 2), [again]), None);

        (await Open(now: Now + 20)).Dedupe.ShouldBe([again]);
    }

    [Theory]
    [InlineData(5, 5)]
    [InlineData(3, 3)]
    [InlineData(0, 0)]
    public async Task Numbers_that_do_not_follow_are_refused_whole(long first, long last)
    {
        await Fill(1, 3);

        await Should.ThrowAsync<InvalidOperationException>(async () => await Store.Append(Append(Lobby, first, last), None));
        await Should.ThrowAsync<InvalidOperationException>(async () => await Store.Append(
            new RoomAppend(Lobby, Fence, "e1", [Publication(4), Publication(6)], []), None));

        var record = await Open();
        (record.LastSeq, record.Tail.Count).ShouldBe((3, 3));
    }

    [Fact]
    public async Task A_first_message_makes_a_room_that_is_not_there_under_the_epoch_it_names()
    {
        (await Store.Append(Append(Lobby, 1, 3, trimThrough: 1), None)).ShouldBe(AppendResult.Committed);
        (await Store.Append(Append(Lobby, 4, 4), None)).ShouldBe(AppendResult.Committed);

        var record = (await Store.Open(Lobby, Fence, "e2", 20, Now, None)).ShouldNotBeNull();
        (record.Epoch, record.FirstSeq, record.LastSeq).ShouldBe(("e1", 2, 4));
        Seqs(record.Tail).ShouldBe(Range(2, 4));
    }

    [Fact]
    public async Task A_later_message_to_a_room_that_is_not_there_is_refused_and_so_is_its_trimming()
    {
        await Should.ThrowAsync<InvalidOperationException>(async () => await Store.Append(Append(Lobby, 2, 2), None));
        await Should.ThrowAsync<InvalidOperationException>(
            async () => await Store.Append(new RoomAppend(Lobby, Fence, "e1", [], [], TrimThroughSeq: 1), None));

        (await Store.Open(Lobby, Fence, "e2", 20, Now, None))!.Epoch.ShouldBe("e2");
    }

    [Fact]
    public async Task A_lower_term_neither_opens_nor_writes()
    {
        await Fill(1, 1);
        await Raise();
        await Store.Open(Lobby, Fence with { Term = Fence.Term + 1 }, "e2", 20, Now, None);

        (await Store.Append(Append(Lobby, 2, 2), None)).ShouldBe(AppendResult.FenceLost);
        (await Store.Open(Lobby, Fence, "e2", 20, Now, None)).ShouldBeNull();

        var record = await Store.Open(Lobby, Fence with { Term = Fence.Term + 1 }, "e2", 20, Now, None);
        record!.LastSeq.ShouldBe(1);
    }

    [Fact]
    public async Task Terms_of_different_shards_are_independent()
    {
        await Store.Open(new RoomId("other"), new(8, 99), "e2", 20, Now, None);

        (await Open()).Epoch.ShouldBe("e1");
    }

    [Fact]
    public async Task Writes_made_at_once_to_many_rooms_all_arrive()
    {
        var rooms = Enumerable.Range(0, 40).Select(i => new RoomId($"room {i}")).ToArray();
        await Task.WhenAll(rooms.Select(room => Store.Open(room, Fence, "e", 0, Now, None).AsTask()));

        await Task.WhenAll(rooms.Select(async room =>
        {
            for (var seq = 1; seq <= 25; seq++)
                (await Store.Append(Append(room, seq, seq), None)).ShouldBe(AppendResult.Committed);
        }));

        foreach (var room in rooms)
            Seqs((await Store.Read(room, 0, long.MaxValue, 100, int.MaxValue, None)).Messages).ShouldBe(Range(1, 25));
    }

    [Fact]
    public async Task A_cancelled_call_is_not_made()
    {
        await Open();
        var cancelled = new CancellationToken(canceled: true);

        await Should.ThrowAsync<OperationCanceledException>(async () => await Store.Append(Append(Lobby, 1, 1), cancelled));
        await Should.ThrowAsync<OperationCanceledException>(
            async () => await Store.Read(Lobby, 0, 10, 10, 10, cancelled));

        (await Open()).LastSeq.ShouldBe(0);
    }

    /// <summary>Makes the next higher term of the fence's shard valid, where terms are handed out elsewhere.</summary>
    protected virtual Task Raise() => Task.CompletedTask;

    private async Task<RoomRecord> Open(int tail = 20, long now = Now) =>
        (await Store.Open(Lobby, Fence, "e1", tail, now, None)).ShouldNotBeNull();

    private async Task Fill(long first, long last)
    {
        await Open();
        (await Store.Append(Append(Lobby, first, last), None)).ShouldBe(AppendResult.Committed);
    }

    private static IEnumerable<long> Seqs(IEnumerable<Publication> messages) => messages.Select(message => message.Seq);

    private static IEnumerable<long> Range(int first, int last) =>
        Enumerable.Range(first, last - first + 1).Select(seq => (long)seq);
}

using Verb.Actors.Durability;
using Verb.Actors.Users;
using Verb.Contracts;
using static Verb.Storage.Tests.Contracts.Given;

namespace Verb.Storage.Tests.Contracts;

/// <summary>What every inbox store promises; implementers inherit it.</summary>
public abstract class InboxStoreContract
{
    protected abstract IInboxStore Store { get; }

    private static CancellationToken None => CancellationToken.None;

    [Fact]
    public async Task An_unknown_user_is_empty_and_not_seen() =>
        (await Open()).ShouldBe(InboxRecord.Empty);

    [Fact]
    public async Task A_user_is_seen_from_then_on()
    {
        await Store.MarkSeen(Bob.Id, Fence, Now, anonymous: false, None);

        (await Open()).Seen.ShouldBeTrue();
        (await Store.Open(new UserId("BOB"), Fence, Now, None))!.Seen.ShouldBeFalse();
    }

    [Fact]
    public async Task A_notification_waits_for_a_user_never_seen()
    {
        await Store.Append(new InboxAppend(Bob.Id, Fence, Notification(1), null), None);

        var record = await Open();

        record.Seen.ShouldBeFalse();
        var item = record.Items.ShouldHaveSingleItem();
        (item.Kind, item.From, item.Body.Text()).ShouldBe((InboxItemKind.Notification, null, "{\"text\":\"hi\"}"));
    }

    [Fact]
    public async Task A_private_message_comes_back_as_it_went_in()
    {
        await Store.Append(new InboxAppend(Bob.Id, Fence, Message(1), Entry(1)), None);

        var record = await Open();

        var item = record.Items.ShouldHaveSingleItem();
        (item.Seq, item.MessageId, item.Kind, item.From, item.Timestamp)
            .ShouldBe((1, "m1", InboxItemKind.PrivateMessage, Ann, Now + 1));
        item.Body.Text().ShouldBe("\"psst\"");
        record.Dedupe.ShouldBe([Entry(1)]);
        record.LastSeq.ShouldBe(1);
    }

    [Fact]
    public async Task Acknowledged_items_are_gone_and_the_numbers_go_on()
    {
        await Fill(5);

        (await Store.Ack(Bob.Id, Fence, 3, None)).ShouldBe(AppendResult.Committed);

        var record = await Open();
        (record.LastSeq, record.AckedSeq).ShouldBe((5, 3));
        record.Items.Select(item => item.Seq).ShouldBe([4, 5]);
    }

    [Fact]
    public async Task An_older_acknowledgement_changes_nothing()
    {
        await Fill(5);
        await Store.Ack(Bob.Id, Fence, 4, None);
        await Store.Ack(Bob.Id, Fence, 2, None);

        (await Open()).AckedSeq.ShouldBe(4);
    }

    [Fact]
    public async Task What_the_bound_pushes_out_goes_with_the_write()
    {
        await Fill(5);

        await Store.Append(new InboxAppend(Bob.Id, Fence, Message(6), null, DropThroughSeq: 2), None);

        var record = await Open();
        record.Items.Select(item => item.Seq).ShouldBe([3, 4, 5, 6]);
        record.AckedSeq.ShouldBe(0);
    }

    [Fact]
    public async Task The_dedupe_window_outlives_the_acknowledgement_and_ends_when_it_expires()
    {
        await Store.Append(new InboxAppend(Bob.Id, Fence, Message(1), Entry(1, Now + 10)), None);
        await Store.Ack(Bob.Id, Fence, 1, None);

        (await Open()).Dedupe.ShouldBe([Entry(1, Now + 10)]);
        (await Open(now: Now + 10)).Dedupe.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_number_that_does_not_rise_is_refused()
    {
        await Fill(2);

        await Should.ThrowAsync<InvalidOperationException>(
            async () => await Store.Append(new InboxAppend(Bob.Id, Fence, Message(2), null), None));

        (await Open()).Items.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_lower_term_neither_opens_nor_writes()
    {
        await Raise();
        await Store.Open(Bob.Id, Fence with { Term = Fence.Term + 1 }, Now, None);

        (await Store.Open(Bob.Id, Fence, Now, None)).ShouldBeNull();
        (await Store.Append(new InboxAppend(Bob.Id, Fence, Message(1), null), None)).ShouldBe(AppendResult.FenceLost);
        (await Store.Ack(Bob.Id, Fence, 1, None)).ShouldBe(AppendResult.FenceLost);
        (await Store.MarkSeen(Bob.Id, Fence, Now, false, None)).ShouldBe(AppendResult.FenceLost);
    }

    [Fact]
    public async Task An_anonymous_user_not_seen_for_a_day_is_forgotten_with_its_inbox()
    {
        await Store.MarkSeen(Ann.Id, Fence, Now, anonymous: false, None);
        await Store.MarkSeen(Bob.Id, Fence, Now, anonymous: true, None);
        await Store.Append(new InboxAppend(Bob.Id, Fence, Message(1), Entry(1, long.MaxValue)), None);

        await Pass(TimeSpan.FromHours(23));
        (await Open(now: Now + 23 * 3_600_000)).Seen.ShouldBeTrue();
        await Pass(TimeSpan.FromHours(2));

        (await Open(now: Now + 25 * 3_600_000)).ShouldBe(InboxRecord.Empty);
        (await Store.Open(Ann.Id, Fence, Now + 25 * 3_600_000, None))!.Seen.ShouldBeTrue();

        await Store.MarkSeen(Bob.Id, Fence, Now + 25 * 3_600_000, anonymous: true, None);
        var again = await Open(now: Now + 25 * 3_600_000);
        (again.LastSeq, again.Items.Count, again.Dedupe.Count).ShouldBe((0, 0, 0));
    }

    [Fact]
    public async Task An_anonymous_user_seen_again_stays()
    {
        await Store.MarkSeen(Bob.Id, Fence, Now, anonymous: true, None);
        await Pass(TimeSpan.FromHours(23));
        await Store.MarkSeen(Bob.Id, Fence, Now + 23 * 3_600_000, anonymous: true, None);
        await Pass(TimeSpan.FromHours(2));

        (await Open(now: Now + 25 * 3_600_000)).Seen.ShouldBeTrue();
    }

    /// <summary>Makes the next higher term of the fence's shard valid, where terms are handed out elsewhere.</summary>
    protected virtual Task Raise() => Task.CompletedTask;

    /// <summary>Lets the store's own clock, which began at <see cref="Given.Now"/>, move on.</summary>
    protected virtual Task Pass(TimeSpan time) => Task.CompletedTask;

    private async Task<InboxRecord> Open(long now = Now) =>
        (await Store.Open(Bob.Id, Fence, now, None)).ShouldNotBeNull();

    private async Task Fill(int count)
    {
        for (var seq = 1; seq <= count; seq++)
            await Store.Append(new InboxAppend(Bob.Id, Fence, Message(seq), null), None);
    }

    private static InboxItem Message(long seq) =>
        new(seq, $"m{seq}", InboxItemKind.PrivateMessage, Ann, "\"psst\""u8.ToArray(), Now + seq);

    private static InboxItem Notification(long seq) =>
        new(seq, $"n{seq}", InboxItemKind.Notification, null, "{\"text\":\"hi\"}"u8.ToArray(), Now + seq);
}

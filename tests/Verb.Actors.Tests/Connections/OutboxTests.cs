using Verb.Actors.Connections;
using Verb.Actors.Delivery;
using Verb.Contracts;

namespace Verb.Actors.Tests.Connections;

public class OutboxTests
{
    private static readonly RoomId[] Rooms = [new("a"), new("b"), new("c")];
    private static readonly TopicName[] Topics = [new("x"), new("y"), new("z")];

    private static OutboxEntry Numbered(long seq, int bytes = 10, int room = 0) =>
        new(new Outgoing(new byte[bytes], FrameKind.Text), OutboxKind.Numbered, Rooms[room], seq);

    private static OutboxEntry Of(OutboxKind kind, int bytes = 10) => new(new Outgoing(new byte[bytes], FrameKind.Text), kind);

    private static OutboxEntry Update(int bytes = 10, int topic = 0) =>
        new(new Outgoing(new byte[bytes], FrameKind.Text), OutboxKind.Topic, Topic: Topics[topic]);

    private static List<OutboxEntry> Drain(Outbox outbox)
    {
        List<OutboxEntry> all = [];
        while (outbox.TryTake(out var entry))
            all.Add(entry);
        return all;
    }

    [Fact]
    public void What_fits_comes_out_in_order()
    {
        var outbox = new Outbox(100, 10, OverflowPolicy.Close);
        for (var seq = 1; seq <= 5; seq++)
            outbox.Offer(Numbered(seq)).ShouldBeTrue();
        Drain(outbox).Select(entry => entry.LastSeq).ShouldBe([1, 2, 3, 4, 5]);
        outbox.IsEmpty.ShouldBeTrue();
    }

    [Theory]
    [InlineData(100, 1000)]
    [InlineData(1000, 10)]
    public void The_bound_is_exact_in_bytes_and_in_messages(int bytes, int messages)
    {
        var outbox = new Outbox(bytes, messages, OverflowPolicy.Close);
        for (var seq = 1; seq <= 10; seq++)
            outbox.Offer(Numbered(seq)).ShouldBeTrue();
        outbox.Offer(Numbered(11)).ShouldBeFalse();
        outbox.Offer(Of(OutboxKind.Reply)).ShouldBeTrue();
    }

    [Fact]
    public void Dropping_the_oldest_spares_replies_and_puts_rooms_behind()
    {
        var outbox = new Outbox(30, 10, OverflowPolicy.DropOldest);
        outbox.Offer(Of(OutboxKind.Reply));
        outbox.Offer(Numbered(1));
        outbox.Offer(Of(OutboxKind.Transient));
        outbox.Offer(Numbered(2));
        outbox.Offer(Of(OutboxKind.Transient));
        outbox.Behind.ShouldBe([Rooms[0]]);
        outbox.Offer(Numbered(3));
        Drain(outbox).Select(entry => entry.Kind).ShouldBe([OutboxKind.Reply, OutboxKind.Transient, OutboxKind.Transient]);
        outbox.Shed.ShouldBe(3);
    }

    [Fact]
    public void A_room_that_is_no_longer_behind_is_queued_again()
    {
        var outbox = new Outbox(100, 10, OverflowPolicy.Close);
        outbox.PutBehind(Rooms[0]);
        outbox.Offer(Numbered(1));
        outbox.IsEmpty.ShouldBeTrue();
        outbox.EndBehind(Rooms[0]);
        outbox.Offer(Numbered(2));
        Drain(outbox).Single().LastSeq.ShouldBe(2);
    }

    [Fact]
    public void A_topics_update_takes_the_place_of_the_one_that_waits()
    {
        var outbox = new Outbox(100, 2, OverflowPolicy.Close);
        outbox.Offer(Update(10));
        outbox.Offer(Of(OutboxKind.Transient));
        for (var i = 0; i < 100; i++)
            outbox.Offer(Update(20 + (i % 50))).ShouldBeTrue();
        outbox.LiveCount.ShouldBe(2);
        Drain(outbox)[0].Bytes.ShouldBe(69);
    }

    [Fact]
    public void An_update_that_grew_out_of_the_bound_is_none_of_the_bounds_business_only_when_alone()
    {
        var outbox = new Outbox(100, 10, OverflowPolicy.Close);
        outbox.Offer(Update(10));
        outbox.Offer(Update(500)).ShouldBeTrue();
        outbox.Offer(Update(10)).ShouldBeTrue();
        outbox.Offer(Of(OutboxKind.Transient, 80)).ShouldBeTrue();
        outbox.Offer(Update(30)).ShouldBeFalse();
    }

    [Fact]
    public void A_dropped_update_is_remembered_as_missed()
    {
        var outbox = new Outbox(100, 1, OverflowPolicy.DropNewest);
        outbox.Offer(Of(OutboxKind.Transient));
        outbox.Offer(Update(10, 1));
        outbox.TakeMissedTopics().ShouldBe([Topics[1]]);
        outbox.TakeMissedTopics().ShouldBeEmpty();
    }

    [Fact]
    public void Of_inbox_items_the_latest_hundred_wait()
    {
        var outbox = new Outbox(100, 1, OverflowPolicy.Close);
        for (var seq = 1; seq <= 300; seq++)
            outbox.Offer(Of(OutboxKind.Inbox) with { InboxSeq = seq }).ShouldBeTrue();
        Drain(outbox).Select(entry => entry.InboxSeq).ShouldBe(Enumerable.Range(201, 100).Select(i => (long)i));
    }

    [Theory]
    [InlineData(OverflowPolicy.Close)]
    [InlineData(OverflowPolicy.DropOldest)]
    [InlineData(OverflowPolicy.DropNewest)]
    public void Whatever_comes_the_bound_holds_and_no_numbered_message_is_lost_silently(OverflowPolicy policy)
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var outbox = new Outbox(100, 5, policy);
            var last = new long[Rooms.Length];
            var taken = new long[Rooms.Length];
            for (var step = 0; step < 200; step++)
            {
                var room = random.Next(Rooms.Length);
                var entry = random.Next(7) switch
                {
                    0 => Of(OutboxKind.Reply, random.Next(1, 60)),
                    1 => Update(random.Next(1, 150), random.Next(Topics.Length)),
                    2 => Of(OutboxKind.Transient, random.Next(1, 60)),
                    3 => Of(OutboxKind.Inbox, random.Next(1, 60)),
                    _ => Numbered(++last[room], random.Next(1, 130), room),
                };
                if (!outbox.Offer(entry))
                {
                    policy.ShouldBe(OverflowPolicy.Close);
                    break;
                }

                (outbox.LiveCount <= 1 || (outbox.LiveBytes <= 100 && outbox.LiveCount <= 5)).ShouldBeTrue($"seed {seed}");
                while (random.Next(3) == 0 && outbox.TryTake(out var out_))
                    Check(out_);
                foreach (var behind in outbox.Behind.ToArray())
                {
                    if (random.Next(4) != 0)
                        continue;
                    outbox.EndBehind(behind); // Replayed up to now.
                    taken[Array.IndexOf(Rooms, behind)] = last[Array.IndexOf(Rooms, behind)];
                }
            }

            foreach (var entry in Drain(outbox))
                Check(entry);
            outbox.LiveBytes.ShouldBe(0);
            outbox.LiveCount.ShouldBe(0);
            outbox.ReplyBytes.ShouldBe(0);
            outbox.ReplyCount.ShouldBe(0);
            for (var room = 0; policy != OverflowPolicy.Close && room < Rooms.Length; room++)
                (taken[room] == last[room] || outbox.Behind.Contains(Rooms[room])).ShouldBeTrue($"seed {seed}");

            void Check(OutboxEntry entry)
            {
                if (entry.Kind != OutboxKind.Numbered)
                    return;
                var room = Array.IndexOf(Rooms, entry.Room!.Value);
                entry.LastSeq.ShouldBe(taken[room] + 1, $"seed {seed}");
                taken[room] = entry.LastSeq;
            }
        }
    }
}

using Verb.Actors.Rooms;
using Verb.Actors.Sharding;
using Verb.Actors.Topics;
using Verb.Cluster.Links;
using Verb.Contracts;

namespace Verb.Cluster.Tests.Links;

public sealed class LinkQueueTests
{
    private static readonly NodeMessage Keep = new NodeMessage.Answered(1, Answer.Done);
    private readonly LinkQueue _queue = new(100, 1000);

    [Fact]
    public void Nothing_is_dropped_up_to_half_of_either_bound()
    {
        Fill(50, 1);
        _queue.Drops(Told("lobby"), out _).ShouldBeFalse();

        Fill(1, 1);
        _queue.Drops(Told("lobby"), out var first).ShouldBeTrue();
        first.ShouldBeTrue();
        _queue.Drops(Told("lobby"), out first).ShouldBeTrue();
        first.ShouldBeFalse();
        _queue.Drops(Keep, out _).ShouldBeFalse();
    }

    [Fact]
    public void Bytes_count_as_messages_do()
    {
        Fill(1, 501);

        _queue.Drops(Told("lobby"), out _).ShouldBeTrue();
        _queue.Add(new OutgoingFrame(new(), 499)).ShouldBeTrue();
        _queue.Add(new OutgoingFrame(new(), 1)).ShouldBeFalse();
    }

    [Fact]
    public void Beyond_the_bound_nothing_is_taken()
    {
        Fill(100, 1);

        _queue.Add(new OutgoingFrame(new(), 1)).ShouldBeFalse();
    }

    [Fact]
    public void What_was_dropped_is_named_once_when_less_than_a_quarter_waits()
    {
        Fill(60, 1);
        _queue.Drops(Told("lobby"), out _);
        _queue.Drops(Told("lobby"), out _);
        _queue.Drops(new NodeMessage.ToTopicRelay(new TopicName("news"), 1, new TopicRelayMessage.Update(null)), out _);
        _queue.Drops(new NodeMessage.Broadcast(default), out _);

        _queue.Sent(35, 35).ShouldBeNull();
        _queue.Drops(Told("other"), out _).ShouldBeTrue("it is behind until less than a quarter waits");
        var recovery = _queue.Sent(1, 1).ShouldNotBeNull();
        recovery.Rooms.ShouldBe([new RoomId("lobby"), new RoomId("other")], ignoreOrder: true);
        recovery.Topics.ShouldBe([new TopicName("news")]);
        _queue.Sent(1, 1).ShouldBeNull();
        _queue.Drops(Told("lobby"), out _).ShouldBeFalse();
    }

    [Fact]
    public void What_is_taken_counts_until_it_is_sent()
    {
        Fill(100, 1);

        _queue.Take([]).Count.ShouldBe(100);

        _queue.Add(new OutgoingFrame(new(), 1)).ShouldBeFalse();
        _queue.Sent(1, 1);
        _queue.Add(new OutgoingFrame(new(), 1)).ShouldBeTrue();
    }

    [Fact]
    public async Task Who_takes_waits_for_something_or_for_the_end()
    {
        var waiting = _queue.Any().AsTask();
        waiting.IsCompleted.ShouldBeFalse();
        Fill(1, 1);
        (await waiting).ShouldBeTrue();
        (await _queue.Any()).ShouldBeTrue();

        _queue.Take([]);
        waiting = _queue.Any().AsTask();
        _queue.Close();
        (await waiting).ShouldBeFalse();
        (await _queue.Any()).ShouldBeFalse();
        _queue.Add(new OutgoingFrame(new(), 1)).ShouldBeFalse();
    }

    [Fact]
    public void Pings_do_not_pile_up()
    {
        _queue.Ping();
        _queue.Ping();

        _queue.Take([]).Count.ShouldBe(1);
    }

    private static NodeMessage.ToRelay Told(string room) => new(new RoomId(room), 1, new RelayMessage.Told(default, null, null));

    private void Fill(int messages, int size)
    {
        for (var i = 0; i < messages; i++)
            _queue.Add(new OutgoingFrame(new(), size)).ShouldBeTrue();
    }
}

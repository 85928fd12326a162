using Verb.Actors.Rooms;
using Verb.Actors.Sharding;

namespace Verb.Actors.Tests.Rooms;

public sealed class RoomNodesTests
{
    private static readonly NodeId Node = new("n2");
    private readonly RoomNodes _nodes = new();

    [Fact]
    public void What_a_node_asks_is_held_until_it_is_heard_and_comes_in_order()
    {
        RoomMessage[] asked = [new RoomMessage.Retry(), new RoomMessage.TellPresence()];

        _nodes.Hold(Node, asked[0], 0).ShouldBeTrue("it is asked at once");
        _nodes.Hold(Node, asked[1], 1).ShouldBeFalse("it was asked just now");

        _nodes.HasHeard(Node).ShouldBeFalse();
        _nodes.Heard(Node).ShouldBe(asked);
        _nodes.HasHeard(Node).ShouldBeTrue();
        _nodes.Heard(Node).ShouldBeEmpty();
    }

    [Fact]
    public void What_is_held_of_a_node_that_is_linked_anew_comes_once_more()
    {
        RoomMessage[] again = [new RoomMessage.TellPresence(), new RoomMessage.Retry()];
        _nodes.Hold(Node, new RoomMessage.Retry(), 0);

        _nodes.Drop(Node);
        _nodes.Hold(Node, again[0], 1);
        _nodes.Hold(Node, again[1], 2);

        _nodes.Heard(Node).ShouldBe(again);
    }

    [Fact]
    public void A_node_that_does_not_answer_is_asked_again_after_a_second()
    {
        _nodes.Hold(Node, new RoomMessage.Retry(), 0);

        _nodes.Hold(Node, new RoomMessage.Retry(), 999).ShouldBeFalse();
        _nodes.Hold(Node, new RoomMessage.Retry(), 1000).ShouldBeTrue();
    }

    [Fact]
    public void No_more_is_held_than_the_bound()
    {
        for (var i = 0; i < RoomNodes.MostHeld + 10; i++)
            _nodes.Hold(Node, new RoomMessage.Retry(), 0);

        _nodes.Heard(Node).Count.ShouldBe(RoomNodes.MostHeld);
    }

    [Fact]
    public void A_dead_node_is_forgotten_with_what_it_asked()
    {
        _nodes.Heard(Node);
        _nodes.Forget(Node);

        _nodes.HasHeard(Node).ShouldBeFalse();
        _nodes.Hold(Node, new RoomMessage.Retry(), 0).ShouldBeTrue();
    }
}

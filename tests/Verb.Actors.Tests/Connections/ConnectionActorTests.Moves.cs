using System.Text;
using Verb.Actors.Connections;
using Verb.Actors.Delivery;
using Verb.Actors.Rooms;
using Verb.Actors.Sharding;
using Verb.Actors.Users;
using Verb.Contracts;
using Verb.TestKit.Nodes;

namespace Verb.Actors.Tests.Connections;

/// <summary>What a connection does when owners change.</summary>
public sealed partial class ConnectionActorTests
{
    [Fact]
    public void What_is_unanswered_is_asked_again_of_the_next_owner_in_its_order()
    {
        Send("""{"type":"join_room","id":"1","roomId":"r"}""");
        Send("""{"type":"chat","id":"2","roomId":"r","message":1,"messageId":"m"}""");
        var asked = _rooms.Told.ToArray();
        _rooms.Told.Clear();

        Move();

        _rooms.Told.ShouldBe(asked);
    }

    [Fact]
    public void A_later_command_does_not_overtake_what_has_to_be_asked_again()
    {
        Send("""{"type":"chat","id":"1","roomId":"r","message":1,"messageId":"m1"}""");
        _rooms.Told.Clear();
        _rooms.At = _rooms.At with { Version = 7 }; // The connection has not been told yet.

        Send("""{"type":"chat","id":"2","roomId":"r","message":2,"messageId":"m2"}""");

        _rooms.Told.OfType<RoomMessage.Publish>().Select(publish => publish.MessageId).ShouldBe(["m1", "m2"]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_move_in_the_midst_of_asking_lets_nothing_overtake(int looks)
    {
        Send("""{"type":"chat","id":"1","roomId":"r","message":1,"messageId":"m1"}""");
        _rooms.Told.Clear();
        _rooms.Located = () => _rooms.At = --looks == 0 ? _rooms.At with { Version = 7 } : _rooms.At;

        Send("""{"type":"chat","id":"2","roomId":"r","message":2,"messageId":"m2"}""");
        Send("""{"type":"chat","id":"3","roomId":"r","message":3,"messageId":"m3"}""");

        var told = _rooms.Told.OfType<RoomMessage.Publish>().Select(publish => publish.MessageId).ToArray();
        told[^3..].ShouldBe(["m1", "m2", "m3"]);
    }

    [Fact]
    public void What_is_asked_again_goes_by_one_picture_of_the_shards()
    {
        Send("""{"type":"chat","id":"1","roomId":"r","message":1,"messageId":"m1"}""");
        Send("""{"type":"chat","id":"2","roomId":"r","message":2,"messageId":"m2"}""");
        _rooms.Told.Clear();
        var looks = 0;
        _rooms.Located = () => _rooms.At = ++looks == 1 ? _rooms.At with { Version = 9 } : _rooms.At;

        Move();

        _rooms.Told.OfType<RoomMessage.Publish>().Select(publish => publish.MessageId).ShouldBe(["m1", "m2"]);
        _rooms.Versions[^2..].ShouldBe([9, 9]);
    }

    [Fact]
    public void What_nobody_can_take_now_waits_and_is_asked_once_somebody_can()
    {
        _rooms.IsLost = true;
        Send("""{"type":"chat","id":"1","roomId":"r","message":1}""");
        Frames().ShouldNotContain(frame => frame.IsReplyTo("1"));
        _rooms.IsFull = _rooms.IsLost = false;

        Move();

        _rooms.Told.ShouldHaveSingleItem().ShouldBeOfType<RoomMessage.Publish>().MessageId.ShouldBeNull();
    }

    [Fact]
    public void What_may_have_been_done_and_would_show_twice_is_answered_INTERNAL()
    {
        Send("""{"type":"chat","id":"1","roomId":"r","message":1}""");
        _rooms.Told.Clear();

        Move();

        _rooms.Told.ShouldBeEmpty();
        Frames().Single(frame => frame.IsReplyTo("1")).Code().ShouldBe("INTERNAL");
    }

    [Fact]
    public void A_leave_that_is_said_again_says_so()
    {
        Join();
        Send("""{"type":"leave_room","id":"l","roomId":"r"}""");
        _rooms.Told.Clear();

        Move();

        _rooms.Told.OfType<RoomMessage.Leave>().ShouldHaveSingleItem().Again.ShouldBeTrue();
    }

    [Fact]
    public void What_was_asked_again_and_finds_nobody_in_the_room_is_answered_INTERNAL()
    {
        Join();
        Send("""{"type":"history","id":"h","roomId":"r"}""");
        Send("""{"type":"leave_room","id":"l","roomId":"r"}""");
        var command = ((Caller.Member)_rooms.Told.OfType<RoomMessage.GetHistory>().Single().Caller).Command;

        Move();
        Tell(new ConnectionMessage.Answered(command, Answer.Refused(ErrorCode.NotInRoom, "You are not in room 'r'.")));

        Frames().Single(frame => frame.IsReplyTo("h")).Code().ShouldBe("INTERNAL");
    }

    [Fact]
    public void Who_is_let_in_after_the_join_was_refused_goes_again_and_hears_nothing()
    {
        Send("""{"type":"join_room","id":"j","roomId":"r"}""");
        var join = _rooms.Told.OfType<RoomMessage.Join>().Single();
        Tell(new ConnectionMessage.Answered(join.From.Command, Answer.Refused(CommandError.Overloaded)));

        Tell(new ConnectionMessage.RoomAdmitted(Room, new RelayMessage.Admitted(join.From, _alice, false, 1, new Position("e", 0), null, [], null, default)));
        Tell(new ConnectionMessage.RoomRemoved(Room, 0));

        _rooms.Told.OfType<RoomMessage.Gone>().ShouldHaveSingleItem().Connection.ShouldBe(_id);
        Frames().ShouldNotContain(frame => frame.GetProperty("type").GetString() == "joined_room" || frame.GetProperty("type").GetString() == "left_room");
    }

    [Fact]
    public void Its_user_hears_of_it_again_from_the_last_item_it_was_told()
    {
        Tell(new ConnectionMessage.InboxDelivery(_alice.User.Id, 4, Item("four")));
        _users.Told.Clear();

        Move();

        _users.Told.OfType<UserMessage.Register>().ShouldHaveSingleItem().Since.ShouldBe(4);
        Tell(new ConnectionMessage.InboxDelivery(_alice.User.Id, 4, Item("four")));
        Frames().Count(frame => frame.GetProperty("type").GetString() == "four").ShouldBe(1);
    }

    [Fact]
    public void A_next_owner_that_cannot_load_the_user_is_asked_again_and_closes_nothing()
    {
        Tell(new ConnectionMessage.RegistrationRefused(CloseReason.InternalError));
        _users.Told.Clear();
        _system.Advance(TimeSpan.FromSeconds(1));

        _users.Told.OfType<UserMessage.Register>().ShouldHaveSingleItem().Since.ShouldBe(0);
        _socket.Closed.ShouldBeNull();
    }

    [Fact]
    public void A_join_that_two_owners_answered_is_answered_once_and_what_lies_between_is_caught_up()
    {
        Join();
        var join = _rooms.Told.OfType<RoomMessage.Join>().Last();
        var heard = Frames().Count;
        var again = new RelayMessage.Admitted(join.From, _alice, false, 1, new Position("e", 0), true, [], null, default);

        Tell(new ConnectionMessage.RoomAdmitted(Room, again));
        _rooms.Told.OfType<RoomMessage.CatchUp>().ShouldBeEmpty();
        Tell(new ConnectionMessage.RoomAdmitted(Room, again with { Position = new Position("e", 2) }));

        Frames().Count.ShouldBe(heard);
        _rooms.Told.OfType<RoomMessage.CatchUp>().ShouldHaveSingleItem().Since.ShouldBe(new Position("e", 0));
    }

    [Fact]
    public void What_was_replayed_ahead_of_the_relay_is_not_told_again()
    {
        Join();
        FallBehind();
        CaughtUp(1);
        var heard = Frames().Count;

        Deliver(1);
        Frames().Count.ShouldBe(heard);
        Deliver(2);
        Frames().Count.ShouldBe(heard + 1);
    }

    private static Outgoing Item(string type) =>
        new(Encoding.UTF8.GetBytes($$"""{"type":"{{type}}"}"""), FrameKind.Text);

    /// <summary>Every shard has another owner.</summary>
    private void Move()
    {
        _rooms.At = _rooms.At with { Version = _rooms.At.Version + 1 };
        Tell(new ConnectionMessage.ShardsMoved(Enumerable.Range(0, Shards.Count).ToHashSet()));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_was_asked_again_and_finds_no_place_is_answered_INTERNAL(bool isFullAtOnce)
    {
        Send("""{"type":"chat","id":"1","roomId":"r","message":1,"messageId":"m1"}""");
        var command = ((Caller.Member)_rooms.Told.OfType<RoomMessage.Publish>().Single().Caller).Command;
        if (isFullAtOnce)
            _rooms.IsFull = true;

        Move();
        if (!isFullAtOnce)
            Tell(new ConnectionMessage.Answered(command, Answer.Refused(CommandError.Overloaded)));

        Frames().Single(frame => frame.IsReplyTo("1")).Code().ShouldBe("INTERNAL");
    }

    [Fact]
    public void What_was_never_sent_and_finds_no_place_is_OVERLOADED()
    {
        _rooms.IsLost = true;
        Send("""{"type":"chat","id":"1","roomId":"r","message":1,"messageId":"m1"}""");
        (_rooms.IsLost, _rooms.IsFull) = (false, true);

        Move();

        Frames().Single(frame => frame.IsReplyTo("1")).Code().ShouldBe("OVERLOADED");
    }

    [Fact]
    public void A_leave_that_two_owners_answered_is_told_once()
    {
        Join();
        Send("""{"type":"leave_room","id":"l","roomId":"r"}""");
        var command = _rooms.Told.OfType<RoomMessage.Leave>().Single().From.Command;
        Move();

        Tell(new ConnectionMessage.RoomRemoved(Room, command));
        Tell(new ConnectionMessage.RoomRemoved(Room, command));

        Frames().Count(frame => frame.Type() == "left_room").ShouldBe(1);
    }
}

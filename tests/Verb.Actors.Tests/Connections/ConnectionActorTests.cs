using System.Text;
using System.Text.Json;
using Akka.Actor;
using Verb.Actors.Connections;
using Verb.Actors.Delivery;
using Verb.Actors.Nodes;
using Verb.Actors.Rooms;
using Verb.Actors.Sharding;
using Verb.Actors.Topics;
using Verb.Actors.Users;
using Verb.Contracts;
using Verb.TestKit;
using Verb.TestKit.Files;
using Verb.TestKit.Nodes;
using Verb.TestKit.Sockets;

namespace Verb.Actors.Tests.Connections;

/// <summary>The connection alone, among rooms, topics and users that only listen.</summary>
public sealed partial class ConnectionActorTests : IDisposable
{
    private static readonly RoomId Room = new("r");

    private readonly TestSystem _system = new();
    private readonly FakeRegion<RoomId, RoomMessage> _rooms = new();
    private readonly FakeRegion<RoomId, RelayMessage> _relays = new();
    private readonly FakeRegion<TopicName, TopicMessage> _topics = new();
    private readonly FakeRegion<TopicName, TopicRelayMessage> _topicRelays = new();
    private readonly FakeRegion<UserId, UserMessage> _users = new();
    private readonly FakeSocket _socket;
    private readonly ConnectionId _id = new(new NodeId("n"), 1);
    private readonly Identity _alice = new(new User(new UserId("alice"), "alice", "publisher"), ["publisher"], null);
    private readonly IActorRef _connection;

    public ConnectionActorTests()
    {
        _socket = new FakeSocket(_system.Clock);
        var environment = new ConnectionEnvironment
        {
            Hub = _system.Hub,
            Rooms = _rooms,
            RoomRelays = _relays,
            Topics = _topics,
            TopicRelays = _topicRelays,
            Users = _users,
            Connections = new ConnectionDirectory(),
            Catalog = new TopicCatalog(),
            TopicPolicies = new([], new TopicPolicy()),
            Authenticator = new TestTokens(_system.Clock),
            Requests = new TestRequests(),
            Admin = new TestAdmin(),
            Files = new MemoryFileStore(),
            Counters = new ConnectionCounters(),
            ShardVersion = () => _rooms.At.Version,
        };
        var setup = new ConnectionSetup
        {
            Id = _id,
            ClientId = new UserId("client"),
            Session = "session",
            Identity = _alice,
            Socket = new SocketOptions { SendBufferMessages = 2, Overflow = OverflowPolicy.DropNewest, PingInterval = TimeSpan.Zero },
            Limits = new LimitOptions(),
        };
        _connection = _system.Spawn(HubSystem.Props(() => new ConnectionActor(setup, _socket, environment), "connection"), "connection");
        Tell(new ConnectionMessage.Registered());
    }

    public void Dispose() => _system.Dispose();

    [Fact]
    public void A_room_whose_mailbox_is_full_makes_the_command_OVERLOADED()
    {
        _rooms.IsFull = true;
        Send("""{"type":"join_room","id":"1","roomId":"r"}""");
        var reply = Frames().Single(frame => frame.IsReplyTo("1"));
        reply.Code().ShouldBe("OVERLOADED");
        reply.GetProperty("error").Number("retryAfter").ShouldBe(1000);
    }

    [Fact]
    public void What_came_together_is_written_in_order_and_flushed_once()
    {
        var (before, flushes) = (Frames().Count, _socket.Flushes);
        for (var i = 0; i < 10; i++)
            _connection.Tell(new ConnectionMessage.Transient(new Outgoing(Encoding.UTF8.GetBytes($$"""{"seq":{{i}}}"""), FrameKind.Text)));
        Frames().Skip(before).Select(frame => frame.Number("seq")).ShouldBe(Enumerable.Range(0, 10).Select(i => (long)i));
        (_socket.Flushes - flushes).ShouldBe(1);
    }

    [Theory]
    [InlineData("""{"type":"publish","id":"1","topic":"t","data":1}""")]
    [InlineData("""{"type":"private_message","id":"1","targetUserId":"u","message":1}""")]
    public void So_does_a_topics_and_a_users(string command)
    {
        _topics.IsFull = _users.IsFull = true;
        Send(command);
        Frames().Single(frame => frame.IsReplyTo("1")).Code().ShouldBe("OVERLOADED");
    }

    [Fact]
    public void Each_command_that_nobody_answers_times_out_for_itself_and_a_late_answer_is_ignored()
    {
        Send("""{"type":"chat","id":"1","roomId":"r","message":1}""");
        _system.Advance(TimeSpan.FromSeconds(10));
        Send("""{"type":"subscribe","id":"2","topic":"t"}""");
        _system.Advance(TimeSpan.FromSeconds(20.5));
        Frames().Count(frame => frame.Type() == "reply").ShouldBe(1);
        _system.Advance(TimeSpan.FromSeconds(10.5));
        Frames().Where(frame => frame.Type() == "reply").Select(frame => (frame.Text("id"), frame.Code()))
            .ShouldBe([("1", "TIMEOUT"), ("2", "TIMEOUT")]);
        Tell(new ConnectionMessage.Answered(1, Answer.Done));
        Frames().Count(frame => frame.Type() == "reply").ShouldBe(2);
    }

    [Fact]
    public void A_room_that_forgot_what_it_was_asked_is_asked_again()
    {
        Join();
        FallBehind();
        var asked = _rooms.Told.OfType<RoomMessage.CatchUp>().ShouldHaveSingleItem();
        asked.Since.ShouldBe(new Position("e", 0));
        _system.Advance(TimeSpan.FromSeconds(10));
        _rooms.Told.OfType<RoomMessage.CatchUp>().Count().ShouldBe(2);

        CaughtUp(1);
        Deliver(2);
        Frames().Select(frame => frame.Type()).TakeLast(2).ShouldBe(["message_history", "chat"]);
        _system.Advance(TimeSpan.FromMinutes(1));
        _rooms.Told.OfType<RoomMessage.CatchUp>().Count().ShouldBe(2);
    }

    [Fact]
    public void A_second_answer_to_the_same_question_is_not_told_twice()
    {
        Join();
        FallBehind();
        _system.Advance(TimeSpan.FromSeconds(10));
        CaughtUp(1);
        CaughtUp(1);
        Frames().Count(frame => frame.Type() == "message_history" && frame.Seqs().Count > 0).ShouldBe(1);
    }

    [Fact]
    public void A_lost_connection_tells_everyone_who_counted_on_it()
    {
        Join();
        Send("""{"type":"join_room","roomId":"s"}""");
        Send("""{"type":"subscribe","topic":"t"}""");
        Tell(new ConnectionMessage.Lost());
        _relays.Told.OfType<RelayMessage.Gone>().ShouldBe([new(_id, true), new(_id, true)]);
        _topicRelays.Told[^1].ShouldBe(new TopicRelayMessage.Unsubscribe(_id));
        _users.Told[^1].ShouldBe(new UserMessage.Unregister(_id));
        _system.Probe<object>().ExpectTerminated(_connection);
    }

    [Fact]
    public void What_a_room_says_after_the_end_is_ignored()
    {
        Join();
        Tell(new ConnectionMessage.CloseWith(CloseReason.Kicked));
        Deliver(1);
        _socket.Closed.ShouldBe(CloseReason.Kicked);
        _socket.WrittenTooLate.ShouldBe(0);
    }

    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 1)]
    public void With_echo_a_reply_does_not_stand_for_the_message(bool echo, long heard)
    {
        Join(echo);
        Send("""{"type":"chat","id":"c","roomId":"r","message":1}""");
        var command = ((Caller.Member)_rooms.Told.OfType<RoomMessage.Publish>().Single().Caller).Command;
        _socket.Stall();
        Tell(new ConnectionMessage.RoomPublished(Room, command, new ReplyBody.Published(Room, 1, "e", "m", 0)));
        Deliver(1);
        Tell(new ConnectionMessage.RoomMissed(Room));
        _socket.Resume();
        _system.Settle();
        _rooms.Told.OfType<RoomMessage.CatchUp>().Single().Since.Seq.ShouldBe(heard);
    }

    [Fact]
    public void A_snapshot_that_goes_on_is_told_at_once_and_what_follows_it_is_asked_for()
    {
        Send("""{"type":"join_room","id":"j","roomId":"r"}""");
        var join = _rooms.Told.OfType<RoomMessage.Join>().Last();
        Tell(new ConnectionMessage.RoomAdmitted(Room, new RelayMessage.Admitted(
            join.From, _alice, false, 1, new Position("e", 2), null, [new Publication(1, "m", _alice.User, "1"u8.ToArray(), 0)], 1, default)));

        var history = Frames().Single(frame => frame.Type() == "message_history");
        history.Seqs().ShouldBe([1]);
        history.GetProperty("more").GetBoolean().ShouldBeTrue();
        _rooms.Told.OfType<RoomMessage.CatchUp>().ShouldHaveSingleItem().Since.ShouldBe(new Position("e", 1));
        CaughtUp(2);
        Frames().Where(frame => frame.Type() == "message_history").SelectMany(frame => frame.Seqs()).ShouldBe([1, 2]);
    }

    private void Join(bool echo = false)
    {
        Send("""{"type":"join_room","id":"j","roomId":"r"}""");
        var join = _rooms.Told.OfType<RoomMessage.Join>().Last();
        Tell(new ConnectionMessage.RoomAdmitted(
            Room, new RelayMessage.Admitted(join.From, _alice, echo, 1, new Position("e", 0), null, [], null, default)));
    }

    private void FallBehind()
    {
        Tell(new ConnectionMessage.RoomMissed(Room));
        Deliver(1);
    }

    private void Deliver(long seq) => Tell(new ConnectionMessage.RoomDelivery(
        Room, new Outgoing(Encoding.UTF8.GetBytes($$"""{"type":"chat","roomId":"r","seq":{{seq}}}"""), FrameKind.Text), seq, seq));

    private void CaughtUp(long seq) => Tell(new ConnectionMessage.RoomCaughtUp(Room, new RelayMessage.CaughtUp(
        _id, "e", true, [new Publication(seq, "m", _alice.User, "1"u8.ToArray(), 0)], seq, true)));

    private void Send(string json) => Tell(new ConnectionMessage.Received(CommandReader.Read(Encoding.UTF8.GetBytes(json)).Command!));

    private void Tell(ConnectionMessage message)
    {
        _connection.Tell(message);
        _system.Settle();
    }

    private List<JsonElement> Frames()
    {
        _system.Settle();
        return [.. _socket.Arrived.Select(message => JsonDocument.Parse(message.Payload).RootElement)];
    }
}

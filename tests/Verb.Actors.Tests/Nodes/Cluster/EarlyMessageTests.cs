using Verb.Actors.Connections;
using Verb.Actors.Nodes.Cluster;
using Verb.Actors.Rooms;
using Verb.Actors.Sharding;
using Verb.Contracts;

namespace Verb.Actors.Tests.Nodes.Cluster;

/// <summary>What reaches an owner before it knows that it is one.</summary>
public sealed class EarlyMessageTests : IDisposable
{
    private static readonly NodeId Peer = new("c");

    private readonly NodePair _pair = new();
    private readonly RoomId _room;
    private readonly long _term;

    /// <summary>A shard has gone from <c>a</c> to <c>b</c>, and back again: <c>c</c> knows of that before <c>a</c> does.</summary>
    public EarlyMessageTests()
    {
        _room = NodePair.RoomOf(_pair.A);
        _pair.Directory.Nodes.Add(new NodeRow(Peer, 77, "c:1", Draining: true, Expired: false));
        _pair.System.Advance(TimeSpan.FromSeconds(1));
        _pair.Network.Connect(_pair.A.Id, Peer);
        _pair.Cut(); // So that they do not put it right between them.
        _pair.Directory.Give(Shards.Of(_room), _pair.B.Id);
        _pair.System.Advance(TimeSpan.FromSeconds(2));
        _pair.A.Owns(Shards.Of(_room)).ShouldBeFalse();
        _term = _pair.Directory.Give(Shards.Of(_room), _pair.A.Id).Term;
    }

    public void Dispose() => _pair.Dispose();

    [Fact]
    public void It_is_taken_once_the_owner_knows()
    {
        Receive(Register());

        _pair.System.Advance(TimeSpan.FromSeconds(2));

        Users().ShouldBe(1);
    }

    [Fact]
    public void What_a_node_said_that_died_meanwhile_is_forgotten()
    {
        Receive(Register());
        _pair.Network.Cut(_pair.A.Id, Peer);
        _pair.Directory.Nodes.RemoveAll(node => node.Id == Peer);

        _pair.System.Advance(TimeSpan.FromSeconds(2));

        Users().ShouldBe(0);
    }

    [Fact]
    public void Beyond_the_bound_a_client_is_told_to_come_back_and_what_nodes_say_of_themselves_is_kept()
    {
        for (var command = 1; command <= EarlyMessages.Most + 1; command++)
            Receive(Publish(command, 1));
        Receive(Register());

        Refusals().ShouldBe([EarlyMessages.Most + 1]);
        _pair.System.Advance(TimeSpan.FromSeconds(2));
        Users().ShouldBe(1);
    }

    [Fact]
    public void Bytes_count_too()
    {
        var half = (int)(EarlyMessages.MostBytes / 2);
        Receive(Publish(1, half));
        Receive(Publish(2, half));
        Receive(Publish(3, 1));

        Refusals().ShouldBe([3]);
    }

    private static ConnectionId Connection => new(Peer, 5);

    private static RoomMessage.Register Register() => new(
        Peer, [(Connection, new Identity(new User(new UserId("ann"), "ann", "user"), ["user"], null), false)], new Position("", 0), default);

    private static RoomMessage.Publish Publish(long command, int bytes) =>
        new(new Caller.Member(Connection, command), new byte[bytes], null, null);

    private void Receive(RoomMessage message) =>
        _pair.Network.EventsOf(_pair.A.Id).Received(Peer, new NodeMessage.ToRoom(_room, _term, message));

    private IEnumerable<long> Refusals() => _pair.Network.Sent
        .Select(sent => sent.Message).OfType<NodeMessage.ToRelay>()
        .Select(to => to.Message).OfType<RelayMessage.Answered>()
        .Where(answered => answered.Answer.Error == CommandError.Overloaded)
        .Select(answered => answered.To.Command);

    private int Users()
    {
        var state = _pair.A.GetRoomAsync(_room);
        _pair.System.Settle();
        return ((ReplyBody.RoomState)state.GetAwaiter().GetResult().Body!).UserCount;
    }
}

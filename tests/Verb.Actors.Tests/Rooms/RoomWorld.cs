using Verb.Actors.Connections;
using Verb.Actors.Mailboxes;
using Verb.Actors.Nodes;
using Verb.Actors.Policies;
using Verb.Actors.Regions;
using Verb.Actors.Rooms;
using Verb.Actors.Sharding;
using Verb.Contracts;
using Verb.TestKit;

namespace Verb.Actors.Tests.Rooms;

/// <summary>Rooms and their relays on one node, with probes in place of connections.</summary>
internal sealed class RoomWorld : IDisposable
{
    public static readonly NodeId Node = new("n1");

    
    private long _lastConnection;
    private int _lastProbe;

    public RoomWorld(RoomPolicy? policy = null, int seed = 1, ScriptedHistoryStore? store = null, IActorObserver? observer = null, Action<Fence>? fenceLost = null)
    {
        Store = store ?? new ScriptedHistoryStore();
        System = new TestSystem(seed, observer);
        Drops = System.Hub.Refused("relay");
        LocalRegion<RoomId>? rooms = null;
        Relays = new(System.Hub, "room-relays", "relay", (room, slot) => new RelayActor(room, slot, new RelayEnvironment(System.Hub, Node, Connections, rooms!, Drops)));
        var environment = new RoomEnvironment(
            System.Hub, Node, Store, new LocalRelays(Relays, System.Clock), new PolicyTable<RoomPolicy>([], policy ?? new RoomPolicy()), _ => new Fence(0, 1), fenceLost);
        Rooms = rooms = new(System.Hub, "rooms", "entity", (room, slot) => new RoomActor(room, slot, environment));
    }

    public TestSystem System { get; }

    public ScriptedHistoryStore Store { get; }

    /// <summary>What the relays did not tell.</summary>
    public RefusedMessages.Count Drops { get; }

    public ConnectionDirectory Connections { get; } = new();

    public LocalRegion<RoomId> Rooms { get; }

    public LocalRegion<RoomId> Relays { get; }

    /// <summary>How many rooms and relays are alive.</summary>
    public int ActorCount => Rooms.Count + Relays.Count;

    public RoomId Room { get; set; } = new("lobby");

    /// <summary>A connection of a user with these roles.</summary>
    public RoomClient Client(string user, params string[] roles)
    {
        var id = new ConnectionId(Node, ++_lastConnection);
        string[] all = roles.Length == 0 ? ["user"] : roles;
        return new RoomClient(this, id, new Identity(new User(new UserId(user), user, all[0]), all, null));
    }

    /// <summary>Asks as the application, and gives what was answered: null where nothing was.</summary>
    public Answer? Ask(Func<Caller, RoomMessage> message)
    {
        var probe = System.Probe<Answer>($"asker-{++_lastProbe}");
        Rooms.Tell(Room, message(new Caller.Application(probe.ReplyTo)));
        return probe.Messages.Count == 0 ? null : probe.Messages.ShouldHaveSingleItem();
    }

    /// <summary>The room's actor fails over a message and is started anew, with the mailbox it had.</summary>
    public void FailRoom() => Rooms.Tell(Room, new RoomMessage.Join(new Caller.Member(new ConnectionId(Node, 0), 0), null!, false, null));

    /// <summary>The room's actor ends, as at a handover; its relay lives on. The next one who asks has it started anew.</summary>
    public void StopRoom()
    {
        System.System.Stop(Rooms.Find(Room)!);
        System.Settle();
    }

    public void Advance(double seconds) => System.Advance(TimeSpan.FromSeconds(seconds));

    public void Dispose() => System.Dispose();
}

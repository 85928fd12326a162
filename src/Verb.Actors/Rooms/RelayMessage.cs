using Akka.Actor;
using Verb.Actors.Connections;
using Verb.Actors.Mailboxes;
using Verb.Actors.Nodes;
using Verb.Contracts;

namespace Verb.Actors.Rooms;

/// <summary>
/// What a room tells the relay of a node that has members. Everything a room says to a connection travels this one channel, so that
/// snapshots, replies and live messages keep the room's order. A closed set; a full mailbox refuses of it only what is never repeated.
/// </summary>
internal abstract record RelayMessage
{
    private RelayMessage()
    {
    }

    /// <summary>The term of the owner that says it; 0 where none does. A relay hears no owner that was followed by another.</summary>
    public long Term { get; set; }

    /// <summary>A connection is in the room from here on.</summary>
    /// <param name="To">Whom to answer.</param>
    /// <param name="Identity">Whose connection it is.</param>
    /// <param name="Echo">Whether it hears its own messages.</param>
    /// <param name="UserCount">How many users are in the room.</param>
    /// <param name="Position">The history's lineage and last number.</param>
    /// <param name="Recovered">Whether everything since the position it named follows; null where it named none.</param>
    /// <param name="Replay">The history it is sent, ascending.</param>
    /// <param name="CatchUpFrom">It is to ask for everything after this number, page by page; null where <paramref name="Replay"/> is all.</param>
    /// <param name="Stamp">When it was admitted.</param>
    public sealed record Admitted(
        Caller.Member To, Identity Identity, bool Echo, int UserCount, Position Position, bool? Recovered,
        IReadOnlyList<Publication> Replay, long? CatchUpFrom, AdmissionStamp Stamp) : RelayMessage, IControlMessage;

    /// <summary>A connection is no longer in the room; <paramref name="To"/> is told, where there is one.</summary>
    public sealed record Removed(ConnectionId Connection, Caller.Member? To) : RelayMessage, IControlMessage;

    /// <summary>A numbered message; its publisher's reply takes its place in the order.</summary>
    public sealed record Published(Publication Publication, string Epoch, Caller.Member? Publisher) : RelayMessage, IControlMessage;

    /// <summary>The answer to a connection's command.</summary>
    public sealed record Answered(Caller.Member To, Answer Answer) : RelayMessage, IControlMessage;

    /// <summary>Something unnumbered for the members.</summary>
    /// <param name="Event">What to tell: an event as it stands on the wire.</param>
    /// <param name="ExceptConnection">Skips this connection.</param>
    /// <param name="ExceptUser">Skips every connection of this user.</param>
    public sealed record Told(ReadOnlyMemory<byte> Event, ConnectionId? ExceptConnection, UserId? ExceptUser) : RelayMessage
    {
        /// <summary>How many are in the room, which is told once a second: the next time may be long in coming.</summary>
        public bool IsCount => ExceptConnection is null && ExceptUser is null;
    }

    /// <summary>A binary frame for the other connections.</summary>
    public sealed record Media(ReadOnlyMemory<byte> Frame, ConnectionId Except) : RelayMessage;

    /// <summary>A page for a connection that asked to catch up. Not <paramref name="Complete"/>: it asks on.</summary>
    public sealed record CaughtUp(
        ConnectionId Connection, string Epoch, bool Recovered, IReadOnlyList<Publication> Page, long Seq, bool Complete) : RelayMessage, IControlMessage;

    /// <summary>The room lost its memory: tell it who is here.</summary>
    public sealed record WhoIsHere(IReplyTo<RoomMessage.Register> ReplyTo) : RelayMessage, IControlMessage, IRefusable
    {
        /// <summary>The relay has stopped: it had no members.</summary>
        void IRefusable.Refuse(IActorRef receiver, IActorRef? sender, Refusal reason) => ReplyTo.Reply(RoomMessage.Register.Nobody);
    }

    /// <summary>The room's owner is another, or does not know this node any more: register with it.</summary>
    /// <param name="Stamp">The room's last admission when it asked: the relay has heard all up to this one.</param>
    public sealed record RegisterAgain(AdmissionStamp Stamp) : RelayMessage, IControlMessage;

    /// <summary>A connection of this node is gone: passed on to the room, behind what the relay told it before.</summary>
    public sealed record Gone(ConnectionId Connection, bool Lost) : RelayMessage, IControlMessage;

    /// <summary>What the members have not heard cannot be told from memory: they catch up with <paramref name="Position"/> themselves.</summary>
    public sealed record Missed(Position Position) : RelayMessage, IControlMessage;

    /// <summary>A connection's user has another name or other roles.</summary>
    public sealed record Refreshed(ConnectionId Connection, Identity Identity) : RelayMessage, IControlMessage;

    /// <summary>Everyone is out of the room.</summary>
    public sealed record Closed : RelayMessage, IControlMessage;
}

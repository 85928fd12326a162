using Akka.Actor;
using Verb.Actors.Connections;
using Verb.Actors.Durability;
using Verb.Actors.Mailboxes;
using Verb.Actors.Sharding;
using Verb.Contracts;

namespace Verb.Actors.Rooms;

/// <summary>What a room is told. A closed set.</summary>
internal abstract record RoomMessage
{
    private RoomMessage()
    {
    }

    /// <summary>A message with someone behind it who wants an answer.</summary>
    public abstract record Asked(Caller Caller) : RoomMessage, IRefusable
    {
        void IRefusable.Refuse(IActorRef receiver, IActorRef? sender, Refusal reason) => Caller.Refuse(sender, reason);
    }

    /// <summary>A connection comes in, or changes how it is in.</summary>
    public sealed record Join(Caller.Member From, Identity Identity, bool Echo, Position? Since) : Asked(From);

    /// <summary>A connection leaves by its own will; <paramref name="Again"/>: said again, and perhaps done before.</summary>
    public sealed record Leave(Caller.Member From, bool Again = false) : Asked(From), IControlMessage;

    /// <summary>A connection is gone; <paramref name="Lost"/> where it may come back: it did not say so, or it is a page that is left or loaded again.</summary>
    public sealed record Gone(ConnectionId Connection, bool Lost) : RoomMessage, IControlMessage;

    /// <summary>A connection's user has another name or other roles.</summary>
    public sealed record Refresh(ConnectionId Connection, Identity Identity) : RoomMessage, IControlMessage;

    /// <summary>A numbered message. <paramref name="As"/> is who the application publishes as; null for a member.</summary>
    public sealed record Publish(Caller Caller, ReadOnlyMemory<byte> Message, string? MessageId, User? As) : Asked(Caller);

    /// <summary>The member is typing.</summary>
    public sealed record Typing(Caller.Member From) : Asked(From);

    /// <summary>An application's own event.</summary>
    public sealed record SendEvent(Caller.Member From, string Event, ReadOnlyMemory<byte> Body) : Asked(From);

    /// <summary>A binary frame of audio or video.</summary>
    public sealed record Media(Caller.Member From, ReadOnlyMemory<byte> Frame) : Asked(From);

    /// <summary>A file of a member is stored: tell the others.</summary>
    public sealed record ShareFile(Caller.Member From, ReadOnlyMemory<byte> Event) : Asked(From);

    /// <summary>Who is here?</summary>
    public sealed record GetMembers(Caller Caller, Identity? Reader, string? After, int Limit) : Asked(Caller);

    /// <summary>What was said?</summary>
    public sealed record GetHistory(Caller Caller, Identity? Reader, Position? Since, long? Before, int Limit) : Asked(Caller);

    /// <summary>How many are here, and how far is the history?</summary>
    public sealed record GetState(Caller Caller, Identity? Reader) : Asked(Caller);

    /// <summary>May this user read here, and is it in the room? Answers <c>{}</c> or the refusal.</summary>
    public sealed record CheckRead(Caller Caller, Identity Reader) : Asked(Caller);

    /// <summary>A connection that could not keep up asks for what came after <paramref name="Since"/>.</summary>
    public sealed record CatchUp(ConnectionId Connection, Position Since) : RoomMessage, IControlMessage;

    /// <summary>A node's relay tells a room that lost its memory, or has another owner, who is here: these and no others.</summary>
    /// <param name="Node">The relay's node; null where there is no relay.</param>
    /// <param name="Members">The relay's connections.</param>
    /// <param name="Seen">How far they have heard the room.</param>
    /// <param name="LastAdmission">The last admission that the relay heard.</param>
    public sealed record Register(
        NodeId? Node, IReadOnlyList<(ConnectionId Connection, Identity Identity, bool Echo)> Members, Position Seen, AdmissionStamp LastAdmission)
        : RoomMessage, IControlMessage
    {
        /// <summary>What stands for a relay that is not there.</summary>
        public static Register Nobody { get; } = new(null, [], new Position("", 0), default);
    }

    /// <summary>A node is dead, and its connections with it.</summary>
    public sealed record NodeGone(NodeId Node) : RoomMessage, IControlMessage;

    /// <summary>A node did not hear all that was said to it. After a <paramref name="Break"/> of the link it says again what it said over the last one.</summary>
    public sealed record NodeBack(NodeId Node, bool Break) : RoomMessage, IControlMessage;

    /// <summary>The room's shard goes to another node: write what is under way, and end.</summary>
    public sealed record Retire : RoomMessage, IControlMessage;

    /// <summary>Everyone leaves.</summary>
    public sealed record Close(Caller Caller) : Asked(Caller), IControlMessage;

    /// <summary>The store gave the room; null: the fence is lost.</summary>
    internal sealed record Opened(RoomRecord? Record) : RoomMessage, IControlMessage;

    internal sealed record OpenFailed(Exception Cause) : RoomMessage, IControlMessage;

    /// <summary>This node's relay said who is here; the room was loaded.</summary>
    internal sealed record Here(Register Members) : RoomMessage, IControlMessage;

    internal sealed record Committed(PublicationLine Line, AppendResult Result) : RoomMessage, IControlMessage;

    internal sealed record CommitFailed(PublicationLine Line, Exception Cause) : RoomMessage, IControlMessage;

    internal sealed record Reopened(PublicationLine Line, RoomRecord? Record) : RoomMessage, IControlMessage;

    internal sealed record ReopenFailed(PublicationLine Line) : RoomMessage, IControlMessage;

    internal sealed record CaughtUp(ConnectionId Connection, long After, HistoryPage Page) : RoomMessage, IControlMessage;

    internal sealed record HistoryRead(Caller Caller, Position? Since, HistoryPage Page) : RoomMessage, IControlMessage;

    internal sealed record ReadFailed(Caller? Caller, ConnectionId Connection, Exception Cause) : RoomMessage, IControlMessage;

    internal sealed record Retry : RoomMessage;

    internal sealed record GraceOver(UserId User) : RoomMessage;

    internal sealed record TellPresence : RoomMessage;
}

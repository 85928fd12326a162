using Akka.Actor;
using Verb.Actors.Delivery;
using Verb.Actors.Files;
using Verb.Actors.Mailboxes;
using Verb.Actors.Rooms;
using Verb.Contracts;

namespace Verb.Actors.Connections;

/// <summary>What a connection is told: by its socket's reader, by relays, by its user. A closed set.</summary>
internal abstract record ConnectionMessage
{
    private ConnectionMessage()
    {
    }

    /// <summary>The reader: what it read together, in its order. It reads on once the connection has taken this.</summary>
    public sealed record Read(IReadOnlyList<ConnectionMessage> Messages) : ConnectionMessage, IControlMessage;

    /// <summary>The reader: a command.</summary>
    public sealed record Received(Command Command) : ConnectionMessage;

    /// <summary>The reader: a text frame that is no command.</summary>
    public sealed record Malformed(CommandError Error, string? Id, string? Type) : ConnectionMessage;

    /// <summary>The reader: a binary frame, copied out of the reader's buffer.</summary>
    public sealed record ReceivedBinary(ReadOnlyMemory<byte> Frame) : ConnectionMessage;

    /// <summary>The reader: a protocol ping, at most 125 bytes.</summary>
    public sealed record Pinged(ReadOnlyMemory<byte> Payload) : ConnectionMessage;

    /// <summary>The reader: a protocol pong.</summary>
    public sealed record Ponged : ConnectionMessage, IControlMessage;

    /// <summary>The reader: the peer closed, or, where it <paramref name="Failed"/>, broke the protocol; <paramref name="Reply"/> is the close frame that answers it.</summary>
    public sealed record PeerClosed(CloseReason Reply, bool Failed = false) : ConnectionMessage, IControlMessage;

    /// <summary>The reader: the socket is gone without a close frame.</summary>
    public sealed record Lost : ConnectionMessage, IControlMessage;

    /// <summary>A room's numbered messages, ascending and without gaps.</summary>
    public sealed record RoomDelivery(RoomId Room, Outgoing Message, long FirstSeq, long LastSeq) : ConnectionMessage, IRefusable
    {
        void IRefusable.Refuse(IActorRef receiver, IActorRef? sender, Refusal reason)
        {
            if (reason == Refusal.Busy)
                receiver.Tell(new RoomMissed(Room), ActorRefs.NoSender);
        }
    }

    /// <summary>A room's messages could not be told: its mailbox was full.</summary>
    public sealed record RoomMissed(RoomId Room) : ConnectionMessage, IControlMessage;

    /// <summary>Something that may be dropped: typing, presence, an application's event, media.</summary>
    public sealed record Transient(Outgoing Message) : ConnectionMessage, IRefusable
    {
        void IRefusable.Refuse(IActorRef receiver, IActorRef? sender, Refusal reason)
        {
            // It is dropped.
        }
    }

    /// <summary>The connection is in a room.</summary>
    public sealed record RoomAdmitted(RoomId Room, RelayMessage.Admitted Admission) : ConnectionMessage, IControlMessage;

    /// <summary>The connection is out of a room; <paramref name="Command"/> is what asked for it, 0 where nothing did.</summary>
    public sealed record RoomRemoved(RoomId Room, long Command) : ConnectionMessage, IControlMessage;

    /// <summary>A page of what the connection missed.</summary>
    public sealed record RoomCaughtUp(RoomId Room, RelayMessage.CaughtUp Page) : ConnectionMessage, IControlMessage;

    /// <summary>Its own numbered message took its place in the room's order.</summary>
    public sealed record RoomPublished(RoomId Room, long Command, ReplyBody.Published Body) : ConnectionMessage, IControlMessage;

    /// <summary>
    /// What a room tells a connection that published: deliveries, and replies in their messages' places. It passes a full mailbox: there are
    /// never more of them than commands the connection is owed an answer to.
    /// </summary>
    public sealed record RoomTurn(IReadOnlyList<ConnectionMessage> Steps) : ConnectionMessage, IControlMessage;

    /// <summary>The answer to a command.</summary>
    public sealed record Answered(long Command, Answer Answer) : ConnectionMessage, IControlMessage;

    /// <summary>Who was asked has no room for it.</summary>
    public sealed record Overloaded(Caller.Member Caller) : ConnectionMessage, IControlMessage;

    /// <summary>A topic's newest value.</summary>
    public sealed record TopicDelivery(TopicName Topic, Outgoing Message) : ConnectionMessage, IRefusable
    {
        void IRefusable.Refuse(IActorRef receiver, IActorRef? sender, Refusal reason)
        {
            if (reason == Refusal.Busy)
                receiver.Tell(new TopicMissed(Topic), ActorRefs.NoSender);
        }
    }

    /// <summary>A topic's update could not be told: its mailbox was full.</summary>
    public sealed record TopicMissed(TopicName Topic) : ConnectionMessage, IControlMessage;

    /// <summary>The connection is subscribed; <paramref name="Last"/> is the topic's last value, where there is one.</summary>
    public sealed record TopicSubscribed(TopicName Topic, long Command, Outgoing? Last) : ConnectionMessage, IControlMessage;

    /// <summary>Its user took it on.</summary>
    public sealed record Registered : ConnectionMessage, IControlMessage;

    /// <summary>Its user has too many connections.</summary>
    public sealed record RegistrationRefused(CloseReason Reason) : ConnectionMessage, IControlMessage;

    /// <summary>Are you alive? Answer within <paramref name="Deadline"/> or be cut.</summary>
    public sealed record Probe(TimeSpan Deadline) : ConnectionMessage, IControlMessage;

    /// <summary>An item of the inbox of <paramref name="To"/>: the connection may be another user's by now.</summary>
    public sealed record InboxDelivery(UserId To, long Seq, Outgoing Message) : ConnectionMessage, IControlMessage;

    /// <summary>An event for this connection alone, or for all.</summary>
    public sealed record Tell(Outgoing Message) : ConnectionMessage;

    /// <summary>End with this reason, behind what was sent.</summary>
    public sealed record CloseWith(CloseReason Reason) : ConnectionMessage, IControlMessage;

    /// <summary>These shards have other owners, or their owners may have lost what they were sent.</summary>
    public sealed record ShardsMoved(IReadOnlySet<int> Shards) : ConnectionMessage, IControlMessage;

    internal sealed record Flushed(bool Alive) : ConnectionMessage, IControlMessage;

    internal sealed record Authenticated(long Command, AuthenticationResult Result) : ConnectionMessage, IControlMessage;

    internal sealed record FileBegun(long Command, Command.FileStart Start, int ChunkSize, FileBegin? Begin, Exception? Cause)
        : ConnectionMessage, IControlMessage, IRefusable
    {
        /// <summary>The connection ended meanwhile: what was begun is given back.</summary>
        void IRefusable.Refuse(IActorRef receiver, IActorRef? sender, Refusal reason) => Abandon();

        public void Abandon()
        {
            if (Begin is FileBegin.Accepted accepted)
                _ = accepted.Writer.DisposeAsync().AsTask();
        }
    }

    internal sealed record ChunkWritten(bool Within, Exception? Cause) : ConnectionMessage, IControlMessage;

    internal sealed record FileEnded(IFileStore Files, FileCommit? Commit, Exception? Cause) : ConnectionMessage, IControlMessage, IRefusable
    {
        /// <summary>The connection ended meanwhile: a file that nobody was told of goes.</summary>
        void IRefusable.Refuse(IActorRef receiver, IActorRef? sender, Refusal reason)
        {
            if (Commit is FileCommit.Stored stored)
                _ = Files.Delete(stored.File.Id, CancellationToken.None).AsTask();
        }
    }

    /// <summary>What the store has under the id of an upload: null where it has none of this user's.</summary>
    internal sealed record FileFound(long Command, string Id, StoredFile? File, Exception? Cause) : ConnectionMessage, IControlMessage;

    internal sealed record WholeFileStored(IFileStore Files, StoredFile? File, CommandError? Error) : ConnectionMessage, IControlMessage, IRefusable
    {
        /// <summary>The connection ended meanwhile: a file that nobody was told of goes.</summary>
        void IRefusable.Refuse(IActorRef receiver, IActorRef? sender, Refusal reason)
        {
            if (File is { } file)
                _ = Files.Delete(file.Id, CancellationToken.None).AsTask();
        }
    }
}

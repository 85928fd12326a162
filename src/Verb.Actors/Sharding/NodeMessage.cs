using Verb.Actors.Connections;
using Verb.Actors.Rooms;
using Verb.Actors.Topics;
using Verb.Actors.Users;
using Verb.Contracts;

namespace Verb.Actors.Sharding;

/// <summary>What a node tells another. A closed set.</summary>
internal abstract record NodeMessage
{
    private NodeMessage()
    {
    }

    /// <summary>Whether a link that is behind may drop it: what is numbered and can be pulled again, and what is never repeated.</summary>
    public virtual bool MayDrop => false;

    /// <summary>To a room's owner; <paramref name="Term"/> is the term by which the sender knows it as the owner.</summary>
    public sealed record ToRoom(RoomId Room, long Term, RoomMessage Message) : NodeMessage
    {
        /// <inheritdoc/>
        public override bool MayDrop => Message is RoomMessage.Media;
    }

    /// <summary>To a topic's owner.</summary>
    public sealed record ToTopic(TopicName Topic, long Term, TopicMessage Message) : NodeMessage;

    /// <summary>To a user's owner.</summary>
    public sealed record ToUser(UserId User, long Term, UserMessage Message) : NodeMessage;

    /// <summary>From a room's owner to its relay; <paramref name="Term"/> is the owner's term of the room's shard.</summary>
    public sealed record ToRelay(RoomId Room, long Term, RelayMessage Message) : NodeMessage
    {
        /// <inheritdoc/>
        public override bool MayDrop => Message is RelayMessage.Published { Publisher: null } or RelayMessage.Told or RelayMessage.Media;
    }

    /// <summary>From a topic's owner to its relay.</summary>
    public sealed record ToTopicRelay(TopicName Topic, long Term, TopicRelayMessage Message) : NodeMessage
    {
        /// <inheritdoc/>
        public override bool MayDrop => Message is TopicRelayMessage.Update;
    }

    /// <summary>To a connection: what its user or a topic's owner has to say to it.</summary>
    public sealed record ToConnection(ConnectionId Connection, ConnectionMessage Message) : NodeMessage;

    /// <summary>The answer to what the peer's application asked.</summary>
    /// <param name="Ask">The number that its <see cref="Caller.Remote"/> carried.</param>
    /// <param name="Answer">The answer.</param>
    public sealed record Answered(long Ask, Answer Answer) : NodeMessage;

    /// <summary>Who owns these shards: an announcement, or the answer to something that came to the wrong node.</summary>
    public sealed record Owners(IReadOnlyList<ShardRow> Shards) : NodeMessage;

    /// <summary>A message for every connection of the node: a <c>broadcast</c> event, encoded.</summary>
    public sealed record Broadcast(ReadOnlyMemory<byte> Event) : NodeMessage
    {
        /// <inheritdoc/>
        public override bool MayDrop => true;
    }

    /// <summary>Topics of this node that have a value from now on, or have none any more.</summary>
    /// <param name="Whole">Whether what was listed before is void.</param>
    /// <param name="Listed">Have a value.</param>
    /// <param name="Unlisted">Have none.</param>
    public sealed record Catalog(bool Whole, IReadOnlyList<TopicName> Listed, IReadOnlyList<TopicName> Unlisted) : NodeMessage;
}

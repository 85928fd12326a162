using Akka.Actor;
using Verb.Actors.Connections;
using Verb.Actors.Mailboxes;
using Verb.Actors.Sharding;

namespace Verb.Actors.Topics;

/// <summary>What a topic's owner is told. A closed set.</summary>
internal abstract record TopicMessage
{
    private TopicMessage()
    {
    }

    /// <summary>A new value, any JSON.</summary>
    public sealed record Publish(Caller Caller, ReadOnlyMemory<byte> Body) : TopicMessage, IRefusable
    {
        void IRefusable.Refuse(IActorRef receiver, IActorRef? sender, Refusal reason) => Caller.Refuse(sender, reason);
    }

    /// <summary>A node's relay has subscribers from here on.</summary>
    /// <param name="Node">The relay's node.</param>
    /// <param name="LastSeq">It has seen numbers up to this one.</param>
    /// <param name="Last">The last value it was told, for an owner that knows none; null where it has none.</param>
    public sealed record Attach(NodeId Node, long LastSeq, TopicValue? Last = null) : TopicMessage, IControlMessage;

    /// <summary>A node's relay has no subscribers any more.</summary>
    public sealed record Detach(NodeId Node) : TopicMessage, IControlMessage;
}

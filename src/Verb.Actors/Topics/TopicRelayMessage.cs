using Verb.Actors.Connections;
using Verb.Actors.Mailboxes;

namespace Verb.Actors.Topics;

/// <summary>What a topic's relay on a node is told, by its connections and by the topic's owner. A closed set.</summary>
internal abstract record TopicRelayMessage : IControlMessage
{
    private TopicRelayMessage()
    {
    }

    /// <summary>The term of the owner that says it; 0 where none does.</summary>
    public long Term { get; set; }

    /// <summary>A connection wants every update.</summary>
    public sealed record Subscribe(Caller.Member From) : TopicRelayMessage;

    /// <summary>A connection wants no more.</summary>
    public sealed record Unsubscribe(ConnectionId Connection) : TopicRelayMessage;

    /// <summary>The owner's newest value; null: it has none yet.</summary>
    public sealed record Update(TopicValue? Value) : TopicRelayMessage;

    /// <summary>The owner was started anew: attach again where there is someone to tell.</summary>
    public sealed record WhoIsHere : TopicRelayMessage;
}

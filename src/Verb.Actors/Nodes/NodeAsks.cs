using System.Collections.Concurrent;
using Verb.Actors.Connections;
using Verb.Actors.Rooms;
using Verb.Actors.Sharding;
using Verb.Actors.Topics;
using Verb.Actors.Users;
using Verb.Contracts;

namespace Verb.Actors.Nodes;

/// <summary>
/// What this node's application asks of owners on other nodes: each question has a number on the link, and its answer comes back under it.
/// </summary>
internal sealed class NodeAsks(NodeId self, INodeLinks links)
{
    private readonly ConcurrentDictionary<long, IReplyTo<Answer>> _asked = new();
    private readonly ConcurrentDictionary<IReplyTo<Answer>, long> _numbers = new();
    private long _last;

    /// <summary>A room's message as it stands on a link.</summary>
    public RoomMessage ToWire(RoomMessage message) =>
        message is RoomMessage.Asked { Caller: Caller.Application } asked ? asked with { Caller = ToWire(asked.Caller) } : message;

    /// <summary>A topic's message as it stands on a link.</summary>
    public TopicMessage ToWire(TopicMessage message) =>
        message is TopicMessage.Publish publish ? publish with { Caller = ToWire(publish.Caller) } : message;

    /// <summary>A user's message as it stands on a link.</summary>
    public UserMessage ToWire(UserMessage message) => message switch
    {
        UserMessage.Send send => send with { Caller = ToWire(send.Caller) },
        UserMessage.Acknowledge acknowledge => acknowledge with { Caller = ToWire(acknowledge.Caller) },
        UserMessage.Kick kick => kick with { Caller = ToWire(kick.Caller) },
        _ => message,
    };

    /// <summary>A room's message as the room takes it.</summary>
    public RoomMessage FromWire(RoomMessage message) =>
        message is RoomMessage.Asked { Caller: Caller.Remote } asked ? asked with { Caller = FromWire(asked.Caller) } : message;

    /// <summary>A topic's message as the topic takes it.</summary>
    public TopicMessage FromWire(TopicMessage message) =>
        message is TopicMessage.Publish publish ? publish with { Caller = FromWire(publish.Caller) } : message;

    /// <summary>A user's message as the user takes it.</summary>
    public UserMessage FromWire(UserMessage message) => message switch
    {
        UserMessage.Send send => send with { Caller = FromWire(send.Caller) },
        UserMessage.Acknowledge acknowledge => acknowledge with { Caller = FromWire(acknowledge.Caller) },
        UserMessage.Kick kick => kick with { Caller = FromWire(kick.Caller) },
        _ => message,
    };

    /// <summary>An answer came.</summary>
    public void Answered(long ask, Answer answer)
    {
        if (!_asked.TryRemove(ask, out var replyTo))
            return;
        _numbers.TryRemove(replyTo, out _);
        replyTo.Reply(answer);
    }

    /// <summary>Nobody waits for the answer any more.</summary>
    public void Forget(IReplyTo<Answer> replyTo)
    {
        if (_numbers.TryRemove(replyTo, out var ask))
            _asked.TryRemove(ask, out _);
    }

    private Caller ToWire(Caller caller)
    {
        if (caller is not Caller.Application { ReplyTo: var replyTo })
            return caller;
        var number = _numbers.GetOrAdd(replyTo, _ => Interlocked.Increment(ref _last));
        _asked[number] = replyTo;
        return new Caller.Remote(self, number);
    }

    private Caller FromWire(Caller caller) =>
        caller is Caller.Remote remote ? new Caller.Application(new RemoteReply(links, remote)) : caller;

    private sealed class RemoteReply(INodeLinks links, Caller.Remote caller) : IReplyTo<Answer>
    {
        public void Reply(Answer reply) => links.Send(caller.Node, new NodeMessage.Answered(caller.Ask, reply));
    }
}

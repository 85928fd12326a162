using Verb.Actors.Connections;
using Verb.Actors.Regions;
using Verb.Actors.Sharding;
using Verb.Actors.Timing;
using Verb.Contracts;

namespace Verb.Actors.Topics;

/// <summary>A topic's owner: keeps the last value, numbers it, and tells the relays of the nodes that have subscribers.</summary>
internal sealed class TopicActor(TopicName topic, EntitySlot slot, TopicEnvironment environment) : EntityActor(slot)
{
    /// <summary>How long a value is kept that nobody subscribes to or renews; then the topic is forgotten.</summary>
    private static readonly TimeSpan IdleTime = TimeSpan.FromHours(24);

    private static readonly TimeSpan EmptyTime = TimeSpan.FromMinutes(1);

    private readonly HashSet<NodeId> _nodes = [];
    private readonly IdleTimer _idle = new(environment.Hub.Timers);
    private readonly bool _isStock = StockTopic.Symbol(topic) is not null;
    private TopicValue? _value;
    private long _term;

    /// <summary>The topic belongs to another node: whoever asks here is sent there, or asks again.</summary>
    private bool _isForeign;
    private long _seq;

    protected override void PreStart()
    {
        if (environment.TermOf(topic) is not { } term)
        {
            _isForeign = true;
            return;
        }

        _term = term;
        _idle.Start(Self, EmptyTime);
        environment.Relays.AskWhoIsHere(topic);
    }

    protected override void PostStop()
    {
        _idle.Stop();
        base.PostStop();
    }

    protected override void OnReceive(object message)
    {
        if (_isForeign)
        {
            TryPassivate();
            return;
        }

        if (message is TopicMessage)
            _idle.Touch();
        switch (message)
        {
            case TopicMessage.Publish publish:
                OnPublish(publish);
                break;
            case TopicMessage.Attach attach:
                OnAttach(attach);
                break;
            case TopicMessage.Detach detach:
                _nodes.Remove(detach.Node);
                break;
            case SweptTimer timer when _idle.IsOver(timer) && _nodes.Count == 0:
                environment.Catalog.Remove(topic); // First: whoever comes next may list it again at once.
                if (!TryPassivate() && _value is not null)
                    environment.Catalog.Add(topic);
                break;
        }
    }

    /// <summary>An owner started anew takes the highest number from the relays: what it was told before that, it numbers again.</summary>
    private void OnAttach(TopicMessage.Attach attach)
    {
        _nodes.Add(attach.Node);
        _seq = Math.Max(_seq, attach.LastSeq);
        if (_value is null && attach.Last is { } last)
        {
            Keep(last);
            TellAll();
            return;
        }

        if (_value is not null && _value.Seq < attach.LastSeq)
        {
            _value = _value with { Seq = ++_seq };
            TellAll();
            return;
        }

        TellValue(attach.Node);
    }

    private void TellAll()
    {
        foreach (var node in _nodes)
            TellValue(node);
    }

    private void TellValue(NodeId node) => environment.Relays.Tell(node, topic, new TopicRelayMessage.Update(_value) { Term = _term });

    private void OnPublish(TopicMessage.Publish publish)
    {
        StockQuote? quote = null;
        if (_isStock)
        {
            quote = StockQuote.TryRead(publish.Body, _value?.Stock, out var problem);
            if (quote is null)
            {
                Answer(publish.Caller, Contracts.Answer.Refused(ErrorCode.InvalidMessage, problem));
                return;
            }
        }

        Keep(new TopicValue(++_seq, _isStock ? default : publish.Body, quote, environment.Hub.Clock.GetUtcNow().ToUnixTimeMilliseconds()));
        TellAll();
        Answer(publish.Caller, Contracts.Answer.Of(new ReplyBody.TopicPublished(topic, _seq)));
    }

    private void Keep(TopicValue value)
    {
        if (_value is null)
        {
            environment.Catalog.Add(topic);
            _idle.Start(Self, IdleTime);
        }

        _value = value;
    }

    private void Answer(Caller caller, Answer answer) => environment.Connections.Answer(caller, answer);
}

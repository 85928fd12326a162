using Akka.Actor;
using Verb.Actors.Connections;
using Verb.Actors.Delivery;
using Verb.Actors.Mailboxes;
using Verb.Actors.Regions;
using Verb.Actors.Timing;
using Verb.Contracts;

namespace Verb.Actors.Topics;

/// <summary>
/// A topic's hand on one node: keeps the last value, so that a subscriber has it at once, and encodes each update once. Of updates that
/// arrive together only the newest is told. Never waits for a subscriber.
/// </summary>
internal sealed class TopicRelayActor(TopicName topic, EntitySlot slot, TopicRelayEnvironment environment) : EntityActor(slot)
{
    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(30);

    private readonly Dictionary<ConnectionId, IActorRef> _subscribers = [];
    private readonly List<Caller.Member> _waiting = [];
    private readonly IdleTimer _idle = new(environment.Hub.Timers);
    private ConnectionMessage.TopicDelivery? _last;
    private TopicValue? _pending;
    private TopicValue? _lastValue;
    private long _term;
    private bool _attached;
    private bool _known;
    private long _lastSeq;

    protected override void PreStart() => _idle.Start(Self, IdleTime);

    protected override void PostStop()
    {
        _idle.Stop();
        base.PostStop();
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case TopicRelayMessage told:
                _idle.Touch();
                OnTold(told);
                break;
            case BatchEnd:
                DeliverPending();
                break;
            case SweptTimer timer when _idle.IsOver(timer) && _subscribers.Count == 0 && _waiting.Count == 0:
                OnIdle();
                break;
        }
    }

    private void OnTold(TopicRelayMessage message)
    {
        if (message.Term > 0)
        {
            if (message.Term < _term)
                return; // Its owner was followed by another.
            _term = message.Term;
        }

        switch (message)
        {
            case TopicRelayMessage.Update update:
                OnUpdate(update.Value);
                break;
            case TopicRelayMessage.Subscribe subscribe:
                OnSubscribe(subscribe.From);
                break;
            case TopicRelayMessage.Unsubscribe unsubscribe:
                _subscribers.Remove(unsubscribe.Connection);
                ForgetWaiting(unsubscribe.Connection);
                break;
            case TopicRelayMessage.WhoIsHere when _attached:
                environment.Topics.Tell(topic, new TopicMessage.Attach(environment.Node, _lastSeq, _lastValue));
                break;
        }
    }

    private void OnSubscribe(Caller.Member from)
    {
        if (_known)
        {
            DeliverPending();
            Admit(from);
            return;
        }

        _waiting.Add(from);
        Attach();
    }

    /// <summary>Unsubscribed before it was subscribed: its command is answered all the same.</summary>
    private void ForgetWaiting(ConnectionId connection)
    {
        foreach (var waiting in _waiting.Where(waiting => waiting.Connection == connection && waiting.Command != 0))
            environment.Connections.Find(connection)?.Tell(new ConnectionMessage.TopicSubscribed(topic, waiting.Command, null));
        _waiting.RemoveAll(waiting => waiting.Connection == connection);
    }

    private void Attach()
    {
        if (_attached)
            return;
        _attached = true;
        environment.Topics.Tell(topic, new TopicMessage.Attach(environment.Node, _lastSeq, _lastValue));
    }

    private void OnUpdate(TopicValue? value)
    {
        if (!_attached)
            return; // Told before the owner heard that nobody listens here any more.
        if (value is not null && value.Seq > _lastSeq)
        {
            _lastSeq = value.Seq;
            _pending = _lastValue = value;
        }

        _known = true;
        if (_waiting.Count == 0)
            return;
        DeliverPending();
        foreach (var waiting in _waiting)
            Admit(waiting);
        _waiting.Clear();
    }

    private void Admit(Caller.Member from)
    {
        if (environment.Connections.Find(from.Connection) is not { } connection)
            return;
        _subscribers[from.Connection] = connection;
        connection.Tell(new ConnectionMessage.TopicSubscribed(topic, from.Command, _last?.Message));
    }

    private void DeliverPending()
    {
        if (_pending is not { } value)
            return;
        _pending = null;
        _last = new ConnectionMessage.TopicDelivery(topic, new Outgoing(WireFormat.Event(value.ToEvent(topic)), FrameKind.Text));
        foreach (var (_, subscriber) in _subscribers)
            subscriber.Tell(_last, ActorRefs.NoSender);
    }

    private void OnIdle()
    {
        if (_attached)
        {
            _attached = _known = false;
            _last = null;
            _lastValue = null;
            environment.Topics.Tell(topic, new TopicMessage.Detach(environment.Node));
            return;
        }

        TryPassivate();
    }
}

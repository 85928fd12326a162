using Akka.Actor;
using Verb.Actors;
using Verb.Actors.Nodes;

namespace Verb.TestKit.Probes;

/// <summary>
/// An actor that keeps what it is told, for a test to look at. Every expectation first lets the system run until it is idle, so there is
/// nothing to wait for: what is not there then does not come.
/// </summary>
/// <typeparam name="T">What the probe takes.</typeparam>
public sealed class Probe<T>
    where T : notnull
{
    private readonly TestSystem _system;
    private readonly HashSet<IActorRef> _terminated = [];
    private readonly Queue<T> _unseen = new();
    private readonly List<T> _messages = [];

    internal Probe(TestSystem system, string name)
    {
        _system = system;
        Ref = system.System.ActorOf(Producer.Props(() => new Recorder(this)), system.Fresh(name));
        ReplyTo = new Told(Ref);
    }

    /// <summary>The probe's address.</summary>
    public IActorRef Ref { get; }

    /// <summary>For messages that carry where to answer: answers arrive at the probe.</summary>
    public IReplyTo<T> ReplyTo { get; }

    /// <summary>All that came since the beginning, in order, expected or not.</summary>
    public IReadOnlyList<T> Messages
    {
        get
        {
            _system.Settle();
            return _messages;
        }
    }

    /// <summary>The next message, which must be of this kind.</summary>
    public TSub ExpectMsg<TSub>()
        where TSub : T
    {
        var message = Next($"a {typeof(TSub).Name}");
        return message is TSub expected ? expected : throw Unexpected($"a {typeof(TSub).Name}", message);
    }

    /// <summary>The next message, which must be as described.</summary>
    public T ExpectMsg(Func<T, bool> predicate)
    {
        var message = Next("a message");
        return predicate(message) ? message : throw Unexpected("a message that meets the condition", message);
    }

    /// <summary>The next message, which must equal this one.</summary>
    public T ExpectMsg(T expected)
    {
        var message = Next($"{expected}");
        return Equals(message, expected) ? message : throw Unexpected($"{expected}", message);
    }

    /// <summary>The first message of this kind; those before it are passed over.</summary>
    public TSub FishForMsg<TSub>()
        where TSub : T
    {
        while (true)
        {
            if (Next($"a {typeof(TSub).Name}") is TSub found)
                return found;
        }
    }

    /// <summary>There is no further message.</summary>
    public void ExpectNoMsg()
    {
        _system.Settle();
        if (_unseen.TryPeek(out var message))
            throw Unexpected("nothing", message);
    }

    /// <summary>Begins to watch an actor, for <see cref="ExpectTerminated"/>.</summary>
    public void Watch(IActorRef actor)
    {
        Ref.Tell(new Watched(actor), ActorRefs.NoSender);
        _system.Settle();
    }

    /// <summary>The actor has ended.</summary>
    public void ExpectTerminated(IActorRef actor)
    {
        Watch(actor);
        if (!_terminated.Contains(actor))
            throw new ExpectationException($"Expected {actor.Path.ToStringWithoutAddress()} to have ended, but it lives (seed {_system.Seed}).");
    }

    private T Next(string expected)
    {
        _system.Settle();
        return _unseen.TryDequeue(out var message)
            ? message
            : throw new ExpectationException($"Expected {expected}, but nothing came (seed {_system.Seed}).");
    }

    private ExpectationException Unexpected(string expected, T message) =>
        new($"Expected {expected}, but got {message} (seed {_system.Seed}).");

    private sealed class Recorder(Probe<T> probe) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case Watched watched:
                    Context.Watch(watched.Actor);
                    break;
                case Terminated terminated:
                    probe._terminated.Add(terminated.ActorRef);
                    break;
                case T told:
                    probe._messages.Add(told);
                    probe._unseen.Enqueue(told);
                    break;
            }
        }
    }

    private sealed class Told(IActorRef probe) : IReplyTo<T>
    {
        public void Reply(T reply) => probe.Tell(reply, ActorRefs.NoSender);
    }

    private sealed record Watched(IActorRef Actor);
}

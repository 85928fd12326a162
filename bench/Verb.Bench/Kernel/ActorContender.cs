using Akka.Actor;
using Akka.Configuration;
using Verb.Actors;
using Verb.Actors.Mailboxes;
using Verb.Actors.Nodes;

namespace Verb.Bench.Kernel;

/// <summary>Akka.NET's actors on the hub's mailbox and dispatcher.</summary>
internal sealed class ActorContender : IContender
{
    /// <summary>Whoever finds less than the bound waiting may tell: what several tell at that moment finds room, too.</summary>
    private static readonly Config Roomy = ConfigurationFactory.ParseString($"verb.mailboxes.connection.mailbox-capacity = {2 * Scenarios.Bound}");

    private readonly ActorSystem _system = ActorSystem.Create("bench", Roomy.WithFallback(HubSystem.Configuration));
    private readonly IActorRef _parent;

    // All actors of one handler share their props, as those of a room or a gateway do.
    private Action<object>? _handler;
    private Props? _props;

    public ActorContender() => _parent = _system.ActorOf(Props.Create<Parent>());

    public string Name => "akka";

    public IMailbox Start(Action<object> handler)
    {
        if (handler != _handler)
            (_handler, _props) = (handler, Producer.Props(() => new Handling(handler)).WithDispatcher("verb.dispatcher").WithMailbox("verb.mailboxes.connection"));
        return new Mailbox(_parent.Ask<IActorRef>(_props!).GetAwaiter().GetResult());
    }

    public async ValueTask DisposeAsync() => await _system.Terminate();

    private sealed class Mailbox(IActorRef actor) : IMailbox
    {
        private readonly IBatchingQueue _queue = (IBatchingQueue)((ActorCell)((ActorRefWithCell)actor).Underlying).Mailbox!.MessageQueue;

        public bool TryTell(object message)
        {
            if (_queue.Count >= Scenarios.Bound)
                return false;
            actor.Tell(message, ActorRefs.NoSender);
            return true;
        }
    }

    private sealed class Parent : UntypedActor
    {
        protected override void OnReceive(object message) => Sender.Tell(Context.ActorOf((Props)message));
    }

    private sealed class Handling(Action<object> handler) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            if (message is not BatchEnd)
                handler(message);
        }
    }
}

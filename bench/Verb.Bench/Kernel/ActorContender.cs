using Verb.Actors.Kernel;

namespace Verb.Bench.Kernel;

internal sealed class ActorContender : IContender
{
    private readonly MailboxOptions _mailbox = new() { Bound = Scenarios.Bound };

    private readonly ActorSystem _system = new(new ActorSystemOptions
    {
        Clock = TimeProvider.System,
        Dispatcher = ThreadPoolDispatcher.Instance,
        Random = Random.Shared,
    });

    // All actors of one handler share their props, as those of a room or a gateway do.
    private Action<object>? _handler;
    private Props<object>? _props;

    public string Name => "kernel";

    public IMailbox Start(Action<object> handler)
    {
        if (handler != _handler)
            (_handler, _props) = (handler, new Props<object>(() => new Handling(handler)) { Mailbox = _mailbox });
        return new Mailbox(_system.Spawn(_props!, "a"));
    }

    public ValueTask DisposeAsync() => _system.DisposeAsync();

    private sealed class Mailbox(IActorRef<object> actor) : IMailbox
    {
        public bool TryTell(object message) => actor.TryTell(message) == TellResult.Accepted;
    }

    private sealed class Handling(Action<object> handler) : Actor<object>
    {
        protected internal override ValueTask OnReceive(object message)
        {
            handler(message);
            return default;
        }
    }
}

using Akka.Actor;
using Verb.Actors.Mailboxes;

namespace Verb.Actors.Nodes;

/// <summary>The parent of a node's connections. One that fails ends, and its socket with it: its client comes back.</summary>
internal sealed class ConnectionsActor(SupervisorStrategy supervision) : UntypedActor
{
    /// <inheritdoc/>
    protected override SupervisorStrategy SupervisorStrategy() => supervision;

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        if (message is Start start)
            start.Started.TrySetResult(Context.ActorOf(start.Props, start.Name));
    }

    /// <summary>Start a connection.</summary>
    public sealed record Start(Props Props, string Name, TaskCompletionSource<IActorRef> Started) : IRefusable
    {
        void IRefusable.Refuse(IActorRef receiver, IActorRef? sender, Refusal reason) => Started.TrySetException(new ObjectDisposedException("The hub has ended."));
    }
}

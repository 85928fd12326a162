using Akka.Actor;
using Verb.Actors.Mailboxes;

namespace Verb.Actors.Tests.Mailboxes;

/// <summary>A message that remembers how it was refused.</summary>
internal sealed class Note : IRefusable
{
    public List<(IActorRef Receiver, IActorRef? Sender, Refusal Reason)> Refusals { get; } = [];

    void IRefusable.Refuse(IActorRef receiver, IActorRef? sender, Refusal reason) => Refusals.Add((receiver, sender, reason));
}

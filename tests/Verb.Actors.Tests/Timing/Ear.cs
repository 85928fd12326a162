using Akka.Actor;
using Verb.Actors.Timing;

namespace Verb.Actors.Tests.Timing;

/// <summary>The owner of timers: keeps what it is told, as its mailbox would.</summary>
internal sealed class Ear : MinimalActorRef
{
    public override ActorPath Path { get; } = new RootActorPath(Address.AllSystems) / "ear";

    public override IActorRefProvider Provider => throw new NotSupportedException();

    public List<object> Told { get; } = [];

    /// <summary>The timers that wait and are due, taken as on the owner's turn.</summary>
    public List<SweptTimer> Take()
    {
        var due = Told.Cast<SweptTimer>().Where(timer => timer.Take()).ToList();
        Told.Clear();
        return due;
    }

    protected override void TellInternal(object message, IActorRef sender) => Told.Add(message);
}

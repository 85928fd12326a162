using Verb.Actors.Kernel;

namespace Verb.TestKit.Probes;

/// <summary>Watches for a probe, which takes messages of a type of its own.</summary>
internal sealed class ProbeWatcher : Actor<IActorRef>
{
    public IActorRef<IActorRef> Ref { get; set; } = null!;

    public HashSet<IActorRef> Terminated { get; } = [];

    protected internal override ValueTask OnReceive(IActorRef message)
    {
        Context.Watch(message);
        return default;
    }

    protected internal override ValueTask OnTerminated(IActorRef actor)
    {
        Terminated.Add(actor);
        return default;
    }
}

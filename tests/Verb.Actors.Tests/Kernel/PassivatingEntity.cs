using Verb.Actors.Kernel;

namespace Verb.Actors.Tests.Kernel;

/// <summary>An actor that tries to passivate after every message, and senders that make a new one whenever it has.</summary>
internal sealed class PassivatingEntity(ActorSystem system)
{
    private readonly Lock _gate = new();
    private IActorRef<int>? _actor;
    private int _received;
    private int _spawned;

    public int Received => Volatile.Read(ref _received);

    public int Spawned => _spawned;

    public void Tell()
    {
        lock (_gate)
        {
            while (_actor is null || _actor.TryTell(1) == TellResult.Stopped)
            {
                _spawned++;
                _actor = system.Spawn(
                    Script.Props<int>((context, _) =>
                    {
                        Interlocked.Increment(ref _received);
                        context.TryPassivate();
                    }) with { Mailbox = new MailboxOptions { Bound = int.MaxValue } },
                    "entity");
            }
        }
    }
}

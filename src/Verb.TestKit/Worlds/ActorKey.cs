namespace Verb.TestKit.Worlds;

/// <summary>What an actor's place in the order is drawn from: its process, its path and how often it has run.</summary>
internal sealed class ActorKey(ulong hash, string name)
{
    private ulong _runs;

    public ulong Hash => hash;

    public string Name => name;

    public ulong NextRun() => hash + (++_runs * World.Golden);
}

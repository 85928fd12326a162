using Akka.Actor.Setup;

namespace Verb.TestKit.Worlds;

/// <summary>Tells a system's dispatchers in which process they run.</summary>
internal sealed class WorldSetup(WorldProcess process) : Setup
{
    public WorldProcess Process => process;
}

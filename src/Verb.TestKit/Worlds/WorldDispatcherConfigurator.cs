using Akka.Configuration;
using Akka.Dispatch;

namespace Verb.TestKit.Worlds;

/// <summary>Makes the <see cref="WorldDispatcher"/>; named in the configuration.</summary>
internal sealed class WorldDispatcherConfigurator : MessageDispatcherConfigurator
{
    private readonly WorldDispatcher _dispatcher;

    public WorldDispatcherConfigurator(Config config, IDispatcherPrerequisites prerequisites)
        : base(config, prerequisites) =>
        _dispatcher = new WorldDispatcher(this, prerequisites.Settings.Setup.Get<WorldSetup>().Value.Process, config.GetBoolean("at-once", false));

    public override MessageDispatcher Dispatcher() => _dispatcher;
}

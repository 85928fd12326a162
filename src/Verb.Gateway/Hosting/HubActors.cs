using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Hosting.Logging;
using Microsoft.Extensions.Logging;
using Verb.Actors.Nodes;
using Verb.Actors.Timing;

namespace Verb.Gateway.Hosting;

/// <summary>Starts the actor system of a hub that has one of its own: on the host's clock, and with the host's log.</summary>
internal static class HubActors
{
    private static readonly Config Logging = ConfigurationFactory.ParseString(
        """akka.loggers = ["Akka.Hosting.Logging.LoggerFactoryLogger, Akka.Hosting"]""");

    public static ActorSystem Start(TimeProvider clock, ILoggerFactory loggers)
    {
        var config = Logging.WithFallback(HubSystem.Configuration);
        return clock == TimeProvider.System
            ? ActorSystem.Create("verb", With(config))
            : ClockScheduler.With(clock, () => ActorSystem.Create("verb", With(ClockScheduler.Configuration.WithFallback(config))));

        ActorSystemSetup With(Config all) => BootstrapSetup.Create().WithConfig(all).And(new LoggerFactorySetup(loggers));
    }
}

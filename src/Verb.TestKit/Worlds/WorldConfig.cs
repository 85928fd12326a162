using Akka.Configuration;

namespace Verb.TestKit.Worlds;

/// <summary>What a system needs to run in a world.</summary>
internal static class WorldConfig
{
    public const string Dispatcher = "Verb.TestKit.Worlds.WorldDispatcherConfigurator, Verb.TestKit";

    /// <summary>Without loggers nothing waits while a system starts; with them it starts as well, for the world is eager meanwhile.</summary>
    public static Config Config { get; } = ConfigurationFactory.ParseString($$"""
        akka {
          loggers = []
          loglevel = OFF
          stdout-loglevel = OFF
          log-dead-letters = off
          log-dead-letters-during-shutdown = off
          scheduler.implementation = "Verb.TestKit.Worlds.WorldScheduler, Verb.TestKit"
          actor {
            default-dispatcher.type = "{{Dispatcher}}"
            internal-dispatcher.type = "{{Dispatcher}}"
            default-blocking-io-dispatcher.type = "{{Dispatcher}}"
          }
          remote {
            default-remote-dispatcher.type = "{{Dispatcher}}"
            backoff-remote-dispatcher.type = "{{Dispatcher}}"
          }
          coordinated-shutdown {
            run-by-clr-shutdown-hook = off
            run-by-actor-system-terminate = off
            terminate-actor-system = off
            exit-clr = off
          }
        }
        """);
}

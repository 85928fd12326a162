using Akka.Configuration;

namespace Verb.TestKit.Xunit;

/// <summary>How Akka's test kit is set up where everything that is told has run when the call returns.</summary>
internal static class KitConfig
{
    /// <summary>
    /// A failing expectation waits 100 ms, for at zero FishForMessage gives up before it has looked; nothing else waits. The actor of a probe handles its
    /// messages where they are told, as in Akka's kit, but asks the world who tells.
    /// </summary>
    public static Config Config { get; } = ConfigurationFactory.ParseString("""
        akka {
          loggers = ["Akka.TestKit.TestEventListener, Akka.TestKit"]
          loglevel = WARNING
          test {
            single-expect-default = 100ms
            expect-no-message-default = 0s
            filter-leeway = 0s
            default-timeout = 1s
            test-actor.dispatcher {
              type = "Verb.TestKit.Worlds.WorldDispatcherConfigurator, Verb.TestKit"
              at-once = on
            }
          }
        }
        """).WithFallback(Akka.TestKit.Xunit2.TestKit.DefaultConfig);
}

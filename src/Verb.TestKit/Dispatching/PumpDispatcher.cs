using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Dispatch;
using Verb.Actors.Nodes;
using Verb.Actors.Timing;

namespace Verb.TestKit.Dispatching;

/// <summary>Akka.NET's dispatcher on a pump: an actor's turn is one piece of work. An actor system runs on it wholly, on the thread that drives the pump.</summary>
internal sealed class PumpDispatcher : MessageDispatcher
{
    private static readonly Config Everywhere = ConfigurationFactory.ParseString(
        """
        akka {
          loggers = []
          loglevel = OFF
          actor {
            default-dispatcher { type = "Verb.TestKit.Dispatching.PumpDispatcher+Maker, Verb.TestKit", throughput = 64 }
            internal-dispatcher { type = "Verb.TestKit.Dispatching.PumpDispatcher+Maker, Verb.TestKit", throughput = 64 }
          }
          coordinated-shutdown { run-by-clr-shutdown-hook = off, run-by-actor-system-terminate = off, terminate-actor-system = off, exit-clr = off }
        }
        verb.dispatcher { type = "Verb.TestKit.Dispatching.PumpDispatcher+Maker, Verb.TestKit", executor = "", throughput = 64 }
        """).WithFallback(ClockScheduler.Configuration).WithFallback(HubSystem.Configuration);

    private readonly PumpTasks _tasks;

    private PumpDispatcher(MessageDispatcherConfigurator configurator, PumpTasks tasks, string id, int throughput)
        : base(configurator)
    {
        _tasks = tasks;
        Id = id;
        Throughput = throughput;
        ShutdownTimeout = TimeSpan.FromSeconds(1);
    }

    /// <summary>Starts an actor system on a pump, whose timers are on a clock.</summary>
    public static ActorSystem Start(string name, PumpTasks tasks, TimeProvider clock) => ClockScheduler.With(
        clock, () => tasks.Now(() => ActorSystem.Create(name, BootstrapSetup.Create().WithConfig(Everywhere).And(new Pumped(tasks)))));

    /// <inheritdoc/>
    protected override void ExecuteTask(IRunnable run) => _tasks.Post(static runnable => ((IRunnable)runnable!).Run(), run);

    /// <inheritdoc/>
    protected override void Shutdown()
    {
    }

    /// <summary>Made by Akka.NET.</summary>
    internal sealed class Maker : MessageDispatcherConfigurator
    {
        private readonly PumpDispatcher _dispatcher;

        public Maker(Config config, IDispatcherPrerequisites prerequisites)
            : base(config, prerequisites) => _dispatcher = new PumpDispatcher(
                this, prerequisites.Settings.Setup.Get<Pumped>().Value.Tasks, config.GetString("id"), config.GetInt("throughput"));

        public override MessageDispatcher Dispatcher() => _dispatcher;
    }

    /// <summary>Tells a system's dispatchers which pump is theirs.</summary>
    private sealed class Pumped(PumpTasks tasks) : Setup
    {
        public PumpTasks Tasks => tasks;
    }
}

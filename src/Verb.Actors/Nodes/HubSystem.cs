using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using Verb.Actors.Mailboxes;
using Verb.Actors.Timing;

namespace Verb.Actors.Nodes;

/// <summary>The actor system that a node's actors live in, with what they all share: clock, timers, randomness and an ear for failures.</summary>
internal sealed class HubSystem : IAsyncDisposable
{
    private readonly IActorObserver? _observer;
    private long _deadLetters;

    /// <summary>Makes the surroundings; <paramref name="actors"/> was started with <see cref="Configuration"/>.</summary>
    public HubSystem(ActorSystem actors, TimeProvider clock, Random random, IActorObserver? observer = null)
    {
        (Actors, Clock, Random, _observer) = (actors, clock, random, observer);
        Timers = new TimerSweep(clock);
        Steady = new SteadyTime(clock);
        Restart = new HubSupervision(Directive.Restart, observer);
        Stop = new HubSupervision(Directive.Stop, observer);
        // At once, not when the actor starts: nothing that is told before then is missed.
        actors.EventStream.Subscribe(actors.ActorOf(Props(() => new DeadLettersActor(this)), "dead-letters"), typeof(DeadLetter));
    }

    /// <summary>What a system needs in which a hub lives.</summary>
    public static Config Configuration { get; } = ConfigurationFactory.ParseString(
        """
        akka {
          loglevel = WARNING
          stdout-loglevel = OFF
          log-dead-letters = off                     # Counted, and told to the hub's log.
          log-dead-letters-during-shutdown = off
          coordinated-shutdown.run-by-clr-shutdown-hook = off   # The host ends the hub in its order.
          actor.mailbox.requirements {
            "Verb.Actors.Mailboxes.IBatchingQueue, Verb.Actors" = verb.mailboxes.entity
          }
        }
        verb {
          dispatcher {
            type = Dispatcher
            executor = "Verb.Actors.Nodes.FairExecutor+Configurator, Verb.Actors"
            throughput = 64                          # One turn is one batch.
          }
          mailboxes {
            connection {                             # Grows with what may wait for the socket.
              mailbox-type = "Verb.Actors.Mailboxes.BatchingMailbox, Verb.Actors"
              mailbox-capacity = 1024
            }
            entity {                                 # Takes bursts: a thousand joins at once is a reconnect after a restart.
              mailbox-type = "Verb.Actors.Mailboxes.BatchingMailbox, Verb.Actors"
              mailbox-capacity = 16384
            }
            relay {
              mailbox-type = "Verb.Actors.Mailboxes.BatchingMailbox, Verb.Actors"
              mailbox-capacity = 16384
            }
          }
        }
        """);

    /// <summary>The actors.</summary>
    public ActorSystem Actors { get; }

    /// <summary>The time all of them see.</summary>
    public TimeProvider Clock { get; }

    /// <summary>The randomness they share; safe for as many threads as run them.</summary>
    public Random Random { get; }

    /// <summary>The timers of connections, and of whoever is idle.</summary>
    public TimerSweep Timers { get; }

    /// <summary>Time for what is judged.</summary>
    public SteadyTime Steady { get; }

    /// <summary>Who fails starts anew, ten times a minute.</summary>
    public SupervisorStrategy Restart { get; }

    /// <summary>Who fails ends.</summary>
    public SupervisorStrategy Stop { get; }

    /// <summary>How many messages reached nobody, not counting those that refused themselves.</summary>
    public long DeadLetterCount => Interlocked.Read(ref _deadLetters);

    /// <summary>Props on the hub's dispatcher.</summary>
    public static Props Props<T>(Func<T> make)
        where T : ActorBase => Producer.Props(make).WithDispatcher("verb.dispatcher");

    /// <summary>Props on the hub's dispatcher, with one of its mailboxes.</summary>
    public static Props Props<T>(Func<T> make, string mailbox)
        where T : ActorBase => Props(make).WithMailbox($"verb.mailboxes.{mailbox}");

    /// <summary>How many messages wait in a mailbox at most.</summary>
    public int MailboxCapacity(string mailbox) => Actors.Settings.Config.GetInt($"verb.mailboxes.{mailbox}.mailbox-capacity");

    /// <summary>Ends all actors, and the system with them.</summary>
    public async ValueTask DisposeAsync()
    {
        await Actors.Terminate();
        Timers.Dispose();
    }

    /// <summary>How many messages found such a mailbox full and could not refuse themselves.</summary>
    public RefusedMessages.Count Refused(string mailbox) => RefusedMessages.Of(Actors).By($"verb.mailboxes.{mailbox}");

    internal void OnDeadLetter(DeadLetter dead)
    {
        Interlocked.Increment(ref _deadLetters);
        _observer?.DeadLetter(dead.Recipient.Path.ToStringWithoutAddress(), dead.Message);
    }
}

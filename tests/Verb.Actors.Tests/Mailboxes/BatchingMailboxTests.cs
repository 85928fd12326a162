using System.Runtime.CompilerServices;
using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;
using Verb.Actors.Mailboxes;
using Verb.Actors.Nodes;
using Verb.Actors.Tests.Nodes;
using Verb.TestKit;

namespace Verb.Actors.Tests.Mailboxes;

public sealed class BatchingMailboxTests : IDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly RecordingObserver _observer = new();
    private readonly TestSystem _system;
    private readonly List<object> _received = [];

    public BatchingMailboxTests() => _system = Start();

    public void Dispose() => _system.Dispose();

    [Fact]
    public void Messages_arrive_in_their_order()
    {
        var actor = Spawn(mailbox: "entity");
        for (var i = 0; i < 1000; i++)
            actor.Tell(i);
        _system.Settle();

        _received.OfType<int>().ShouldBe(Enumerable.Range(0, 1000));
    }

    [Fact]
    public void A_mailbox_takes_exactly_as_many_as_its_bound_and_the_rest_learn_that_it_is_busy()
    {
        var sender = _system.Probe<object>().Ref;
        var actor = Spawn();
        var notes = Enumerable.Range(0, 5).Select(_ => new Note()).ToList();
        foreach (var note in notes)
            actor.Tell(note, sender);
        notes.Take(2).ShouldAllBe(note => note.Refusals.Count == 0);
        notes.Skip(2).SelectMany(note => note.Refusals).ShouldBe(Enumerable.Repeat((actor, (IActorRef?)sender, Refusal.Busy), 3));
        _system.Settle();
        var late = new Note();
        actor.Tell(late, sender);
        _system.Settle();

        _received.ShouldBe([notes[0], notes[1], BatchEnd.Instance, late, BatchEnd.Instance]);
        _system.Hub.DeadLetterCount.ShouldBe(0);
    }

    [Fact]
    public void The_message_that_is_handled_takes_no_place()
    {
        var notes = Enumerable.Range(0, 3).Select(_ => new Note()).ToList();
        var actor = Spawn((context, message) =>
        {
            if (message is "go")
                notes.ForEach(note => context.Self.Tell(note, ActorRefs.NoSender));
        });
        actor.Tell("go");
        _system.Settle();

        notes.Select(note => note.Refusals.Count).ShouldBe([0, 0, 1]);
    }

    [Fact]
    public void A_message_that_cannot_refuse_itself_is_counted_by_the_mailbox_that_was_full()
    {
        var actor = Spawn();
        var other = Spawn(mailbox: "entity");
        for (var i = 0; i < 5; i++)
        {
            actor.Tell(i);
            other.Tell(i);
        }

        _system.Settle();

        _system.Hub.Refused("small").Value.ShouldBe(3);
        RefusedMessages.Of(_system.System).By("verb.mailboxes.small").Value.ShouldBe(3);
        _system.Hub.Refused("entity").Value.ShouldBe(0);
        _system.Hub.DeadLetterCount.ShouldBe(0);
    }

    [Fact]
    public void Control_messages_pass_a_full_mailbox_in_their_order()
    {
        var actor = Spawn();
        var (control, refused) = (new Control(), new Note());
        actor.Tell(1);
        actor.Tell(2);
        actor.Tell(control);
        actor.Tell(refused);
        actor.Tell(control);
        _system.Settle();

        _received.ShouldBe([1, 2, control, control, BatchEnd.Instance]);
        refused.Refusals.ShouldHaveSingleItem();
    }

    [Fact]
    public void The_end_of_a_watched_actor_passes_a_full_mailbox()
    {
        for (var seed = 0; seed < 40; seed++)
        {
            using var system = Start(seed);
            var received = new List<object>();
            var watched = system.Spawn(HubSystem.Props(() => new Listener((_, _) => { })), "watched");
            var actor = system.Spawn(
                HubSystem.Props(
                    () => new Listener((_, message) => received.Add(message is Terminated ended ? ended.ActorRef : message), context => context.Watch(watched)),
                    "small"),
                "actor");
            system.Settle();
            system.System.Stop(watched);
            actor.Tell(1);
            actor.Tell(2);
            system.Settle();

            received.Where(message => message is not BatchEnd).ShouldBe([1, 2, watched], $"seed {seed}");
        }
    }

    [Fact]
    public void A_poison_pill_passes_a_full_mailbox_in_its_order()
    {
        var actor = Spawn();
        var probe = _system.Probe<object>();
        actor.Tell(1);
        actor.Tell(2);
        actor.Tell(PoisonPill.Instance);
        _system.Settle();

        _received.ShouldBe([1, 2]);
        probe.ExpectTerminated(actor);
    }

    [Fact]
    public void A_failed_status_passes_a_full_mailbox()
    {
        var actor = Spawn();
        var failure = new Status.Failure(new InvalidOperationException("failed"));
        actor.Tell(1);
        actor.Tell(2);
        actor.Tell(failure);
        _system.Settle();

        _received.ShouldBe([1, 2, failure, BatchEnd.Instance]);
    }

    [Fact]
    public void A_timer_of_the_actor_passes_a_full_mailbox()
    {
        Listener? listener = null;
        var actor = _system.Spawn(
            HubSystem.Props(() => listener = new Listener((_, message) => _received.Add(message)), "small"), "actor");
        _system.Settle();
        listener!.Timers.StartSingleTimer("t", "tick", Second);
        actor.Tell(1);
        actor.Tell(2);
        _system.Clock.Advance(Second);
        _system.Settle();

        _received.ShouldBe([1, 2, "tick", BatchEnd.Instance]);
    }

    [Fact]
    public void A_receive_timeout_passes_a_full_mailbox()
    {
        var actor = Spawn((_, message) => _received.Add(message), start: context => context.SetReceiveTimeout(Second));
        actor.Tell(1);
        actor.Tell(2);
        _system.Clock.Advance(Second);
        _system.Settle();

        _received.ShouldBe([1, 2, ReceiveTimeout.Instance, BatchEnd.Instance]);
    }

    [Theory]
    [InlineData(1, new[] { 1 })]
    [InlineData(3, new[] { 3 })]
    [InlineData(63, new[] { 63 })]
    [InlineData(64, new[] { 64 })]
    [InlineData(65, new[] { 64, 1 })]
    [InlineData(200, new[] { 64, 64, 64, 8 })]
    public void A_batch_ends_once_when_the_mailbox_ran_empty_and_after_each_64_of_a_busy_actor(int messages, int[] batches)
    {
        var actor = Spawn(mailbox: "entity");
        for (var i = 0; i < messages; i++)
            actor.Tell(i);
        _system.Settle();

        Batches().ShouldBe(batches);
    }

    [Fact]
    public void A_batch_is_as_large_as_the_configuration_says()
    {
        var actor = Spawn(mailbox: "threes");
        for (var i = 0; i < 7; i++)
            actor.Tell(i);
        _system.Settle();

        Batches().ShouldBe([3, 3, 1]);
    }

    [Fact]
    public void What_an_actor_tells_itself_in_a_batch_belongs_to_it()
    {
        var actor = Spawn((context, message) =>
        {
            _received.Add(message);
            if (message is int and < 5)
                context.Self.Tell((int)message + 1);
        });
        actor.Tell(1);
        _system.Settle();

        _received.ShouldBe([1, 2, 3, 4, 5, BatchEnd.Instance]);
    }

    [Fact]
    public void What_is_told_at_the_end_of_a_batch_has_an_end_of_its_own()
    {
        var left = 3;
        var actor = Spawn((context, message) =>
        {
            _received.Add(message);
            if (message is BatchEnd && left > 0)
                context.Self.Tell(left--);
        });
        actor.Tell(4);
        _system.Settle();

        _received.ShouldBe([4, BatchEnd.Instance, 3, BatchEnd.Instance, 2, BatchEnd.Instance, 1, BatchEnd.Instance]);
    }

    [Fact]
    public void Without_a_message_no_batch_ends()
    {
        var actor = Spawn();
        var probe = _system.Probe<object>();
        probe.Watch(actor); // A system message wakes the actor as well.
        _system.Settle();
        _received.ShouldBeEmpty();

        actor.Tell(1);
        _system.Settle();
        ((IInternalActorRef)actor).Suspend();
        ((IInternalActorRef)actor).Resume();
        _system.Settle();
        _received.ShouldBe([1, BatchEnd.Instance]);
    }

    [Fact]
    public void The_end_of_a_batch_reaches_whoever_was_restarted_in_it()
    {
        var instances = 0;
        var actor = _system.Spawn(
            HubSystem.Props(
                () =>
                {
                    var instance = ++instances;
                    return new Listener((_, message) =>
                    {
                        _received.Add($"{instance} {(message is BatchEnd ? "end" : message)}");
                        if (message is "fail")
                            throw new InvalidOperationException("A bug.");
                    });
                },
                "small"),
            "actor");
        _system.Settle();
        actor.Tell("one");
        actor.Tell("fail");
        _system.Settle();
        _received.ShouldBe(["1 one", "1 fail", "2 end"]);

        _received.Clear();
        actor.Tell("fail");
        actor.Tell("two");
        _system.Settle();
        _received.ShouldBe(["2 fail", "3 two", "3 end"]);
    }

    [Fact]
    public void The_end_of_a_batch_waits_while_a_mailbox_is_suspended()
    {
        var actor = Spawn((context, message) =>
        {
            _received.Add(message);
            if (message is "wait")
                ((IInternalActorRef)context.Self).Suspend();
        });
        actor.Tell("wait");
        actor.Tell(1);
        _system.Settle();
        _received.ShouldBe(["wait"]);
        ((IInternalActorRef)actor).Resume();
        _system.Settle();
        _received.ShouldBe(["wait", 1, BatchEnd.Instance]);

        actor.Tell("wait");
        _system.Settle();
        _received.Count.ShouldBe(4);
        ((IInternalActorRef)actor).Resume();
        _system.Settle();
        _received.Skip(3).ShouldBe(["wait", BatchEnd.Instance]);
    }

    [Fact]
    public void What_waits_when_the_actor_stops_and_what_is_told_afterwards_is_refused()
    {
        var sender = _system.Probe<object>().Ref;
        var actor = Spawn((context, message) =>
        {
            _received.Add(message);
            context.Stop(context.Self);
        });
        var (waits, without, afterwards, anonymous) = (new Note(), new Note(), new Note(), new Note());
        actor.Tell("stop");
        actor.Tell(waits, sender);
        _system.Settle();
        actor.Tell(afterwards, sender);
        actor.Tell(anonymous, ActorRefs.NoSender);
        _system.Settle();

        _received.ShouldBe(["stop"]);
        waits.Refusals.ShouldBe([(actor, sender, Refusal.Stopped)]);
        afterwards.Refusals.ShouldBe([(actor, sender, Refusal.Stopped)]);
        anonymous.Refusals.ShouldBe([(actor, ActorRefs.NoSender, Refusal.Stopped)]);
        _system.Hub.DeadLetterCount.ShouldBe(0);
    }

    [Fact]
    public void What_cannot_refuse_itself_is_a_dead_letter_when_the_actor_stops()
    {
        var actor = Spawn((context, _) => context.Stop(context.Self), mailbox: "entity");
        for (var i = 0; i < 5; i++)
            actor.Tell(i);
        _system.Settle();
        actor.Tell(5);
        _system.Settle();

        _system.Hub.DeadLetterCount.ShouldBe(5);
        _observer.DeadLetters.ShouldBe(Enumerable.Range(1, 5).Select(i => ("/user/actor", (object)i)), ignoreOrder: true);
    }

    [Fact]
    public void What_nobody_misses_is_no_dead_letter()
    {
        var actor = Spawn((context, _) => context.Stop(context.Self));
        actor.Tell(new Unmissed());
        actor.Tell(new Unmissed());
        actor.Tell(new Unmissed());
        _system.Settle();
        actor.Tell(new Unmissed());
        _system.Settle();

        _system.Hub.DeadLetterCount.ShouldBe(0);
        _system.Hub.Refused("small").Value.ShouldBe(0);
    }

    [Fact]
    public void An_actor_that_counts_on_its_batch_ends_is_not_started_on_another_mailbox()
    {
        var props = HubSystem.Props(() => new Counts());
        Should.Throw<ConfigurationException>(() => _system.Spawn(props.WithMailbox("verb.mailboxes.other"), "a"))
            .GetBaseException().Message.ShouldContain("IBatchingQueue");
        _system.Spawn(props, "b").Tell(1); // Left to the configuration, it gets one that does.
        _system.Settle();

        _system.Hub.DeadLetterCount.ShouldBe(0);
    }

    [Theory]
    [InlineData("no-room", "mailbox-capacity", 0)]
    [InlineData("no-batch", "batch-size", -1)]
    public void Settings_below_one_are_refused(string mailbox, string setting, int value)
    {
        var exception = Should.Throw<Exception>(() => Spawn(mailbox: mailbox));
        exception.GetBaseException().ShouldBeOfType<ConfigurationException>().Message.ShouldBe(
            $"A batching mailbox needs {setting} to be at least 1, not {value}.");
    }

    [Fact]
    public void An_actor_can_widen_its_bound_and_narrow_it_again()
    {
        var actor = Spawn((context, message) =>
        {
            _received.Add(message);
            if (message is int and < 0)
                context.SetMailboxBound(-(int)message);
        });
        actor.Tell(-5);
        _system.Settle();
        Tell(7).ShouldBe(2);
        _system.Settle();
        actor.Tell(-1);
        for (var i = 0; i < 4; i++)
            actor.Tell("waits already");
        _system.Settle();
        _received.Count(message => message is "waits already").ShouldBe(4);
        Tell(3).ShouldBe(2);

        int Tell(int count)
        {
            var notes = Enumerable.Range(0, count).Select(_ => new Note()).ToList();
            notes.ForEach(note => actor.Tell(note));
            return notes.Sum(note => note.Refusals.Count);
        }
    }

    [Fact]
    public void An_actor_knows_how_many_messages_wait()
    {
        var waiting = new List<int>();
        var actor = Spawn((context, _) => waiting.Add(context.Waiting()), mailbox: "entity");
        for (var i = 0; i < 3; i++)
            actor.Tell(i);
        _system.Settle();

        waiting.ShouldBe([2, 1, 0, 0]);
    }

    [Fact]
    public void What_was_handed_out_is_not_kept()
    {
        var queue = new BatchingQueue(ActorRefs.Nobody, 1024, 64, new RefusedMessages.Count());
        foreach (var (told, taken) in new[] { (1, 1), (3, 2), (4, 5), (100, 50), (200, 250), (1, 1) })
        {
            var handedOut = TellAndTake(queue, told, taken);
            GC.Collect();
            handedOut.ShouldAllBe(reference => !reference.IsAlive, $"after {told} and {taken}");
        }

        queue.HasMessages.ShouldBeTrue("one more batch end is owed");
        queue.TryDequeue(out var end).ShouldBeTrue();
        end.Message.ShouldBe(BatchEnd.Instance);
        queue.TryDequeue(out _).ShouldBeFalse();
        queue.HasMessages.ShouldBeFalse();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static List<WeakReference> TellAndTake(BatchingQueue queue, int tell, int take)
    {
        var handedOut = new List<WeakReference>();
        for (var i = 0; i < tell; i++)
            queue.Enqueue(ActorRefs.Nobody, new Envelope(new object(), ActorRefs.NoSender));
        while (take > 0)
        {
            queue.TryDequeue(out var envelope).ShouldBeTrue();
            if (envelope.Message is BatchEnd)
                continue;
            handedOut.Add(new WeakReference(envelope.Message));
            take--;
        }

        return handedOut;
    }

    private TestSystem Start(int seed = 1)
    {
        var system = new TestSystem(seed, _observer);
        system.System.Settings.InjectTopLevelFallback(ConfigurationFactory.ParseString(
            """
            verb.mailboxes {
              small { mailbox-type = "Verb.Actors.Mailboxes.BatchingMailbox, Verb.Actors", mailbox-capacity = 2 }
              threes { mailbox-type = "Verb.Actors.Mailboxes.BatchingMailbox, Verb.Actors", batch-size = 3 }
              no-room { mailbox-type = "Verb.Actors.Mailboxes.BatchingMailbox, Verb.Actors", mailbox-capacity = 0 }
              no-batch { mailbox-type = "Verb.Actors.Mailboxes.BatchingMailbox, Verb.Actors", batch-size = -1 }
              other { mailbox-type = "Akka.Dispatch.UnboundedMailbox, Akka" }
            }
            """));
        return system;
    }

    private IActorRef Spawn(
        Action<IUntypedActorContext, object>? receive = null, string mailbox = "small", Action<IUntypedActorContext>? start = null)
    {
        var listener = receive ?? ((_, message) => _received.Add(message));
        var actor = _system.Spawn(HubSystem.Props(() => new Listener(listener, start), mailbox), _system.Fresh("actor"));
        _system.Settle();
        return actor;
    }

    /// <summary>How many messages came before each batch end.</summary>
    private List<int> Batches()
    {
        List<int> batches = [0];
        foreach (var message in _received)
        {
            if (message is BatchEnd)
                batches.Add(0);
            else
                batches[^1]++;
        }

        batches[^1].ShouldBe(0, "the last batch has ended");
        batches.RemoveAt(batches.Count - 1);
        return batches;
    }

    private sealed class Control : IControlMessage;

    private sealed class Unmissed : IDeadLetterSuppression;

    private sealed class Counts : UntypedActor, IRequiresMessageQueue<IBatchingQueue>
    {
        protected override void OnReceive(object message)
        {
        }
    }
}

using Akka.Actor;
using Akka.Configuration;
using Verb.Actors.Mailboxes;
using Verb.Actors.Nodes;

namespace Verb.Actors.Tests.Mailboxes;

/// <summary>Real threads and small mailboxes: whatever was sent was received or refused, and nobody hangs.</summary>
public sealed class StressTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly HubSystem _hub = new(
        ActorSystem.Create("stress", ConfigurationFactory.ParseString(
            """
            verb.mailboxes {
              one { mailbox-type = "Verb.Actors.Mailboxes.BatchingMailbox, Verb.Actors", mailbox-capacity = 1, batch-size = 1 }
              few { mailbox-type = "Verb.Actors.Mailboxes.BatchingMailbox, Verb.Actors", mailbox-capacity = 7, batch-size = 3 }
              some { mailbox-type = "Verb.Actors.Mailboxes.BatchingMailbox, Verb.Actors", mailbox-capacity = 256 }
              many { mailbox-type = "Verb.Actors.Mailboxes.BatchingMailbox, Verb.Actors", mailbox-capacity = 1000000 }
            }
            """).WithFallback(HubSystem.Configuration)),
        TimeProvider.System,
        Random.Shared);

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _hub.DisposeAsync().AsTask().WaitAsync(Patience);

    [Theory]
    [InlineData("one", 2, false)]
    [InlineData("few", 4, false)]
    [InlineData("some", 2, false)]
    [InlineData("some", 8, false)]
    [InlineData("many", 4, false)]
    [InlineData("one", 2, true)]
    [InlineData("few", 4, true)]
    [InlineData("some", 2, true)]
    [InlineData("some", 8, true)]
    [InlineData("many", 4, true)]
    public async Task Every_message_is_received_or_refused_once(string mailbox, int producers, bool stops)
    {
        const int Each = 10_000;
        for (var round = 0; round < 5; round++)
        {
            var tally = new Tally(producers * Each, _hub.MailboxCapacity(mailbox));
            var actor = _hub.Actors.ActorOf(HubSystem.Props(() => new Counting(tally, spins: round % 2 * 20), mailbox));
            await Task.WhenAll(Enumerable.Range(0, producers).Select(producer => Thread(() =>
            {
                for (var i = 0; i < Each; i++)
                {
                    if (i % 97 == producer)
                    {
                        tally.OnControl();
                        actor.Tell(new Control(tally), ActorRefs.NoSender);
                    }
                    else
                    {
                        actor.Tell(new Ordinary(tally, producer, i), ActorRefs.NoSender);
                    }

                    if (round % 2 == 0 && i % 50 == 0)
                        System.Threading.Thread.SpinWait(500); // The actor runs empty now and then.
                    if (stops && producer == 0 && i == Each / 4)
                        ((IInternalActorRef)actor).Stop();
                }
            }))).WaitAsync(Patience);

            tally.WaitFor(() => tally.Received + tally.Refused >= tally.Sent, Patience).ShouldBeTrue($"round {round}: {tally}: something was lost");
            if (!stops)
                tally.WaitFor(() => tally.Unflushed == 0, Patience).ShouldBeTrue($"round {round}: {tally}: a batch has no end");
            tally.Repeated.ShouldBe(0, $"round {round}: {tally}");
            tally.Overlaps.ShouldBe(0, $"round {round}: {tally}");
            tally.OutOfOrder.ShouldBe(0, $"round {round}: {tally}");
            tally.EmptyEnds.ShouldBe(0, $"round {round}: {tally}");
            tally.OverBound.ShouldBe(0, $"round {round}: {tally}");
            tally.ControlBusy.ShouldBe(0, $"round {round}: {tally}");
            (tally.Received + tally.Refused).ShouldBe(tally.Sent, $"round {round}: {tally}");
            if (stops)
                tally.Stopped.ShouldBeGreaterThan(0, $"round {round}: {tally}");
            else
                tally.Stopped.ShouldBe(0, $"round {round}: {tally}");
            ((IInternalActorRef)actor).Stop();
        }

        _hub.DeadLetterCount.ShouldBe(0);
    }

    [Fact]
    public async Task A_mailbox_holds_as_many_as_its_bound_whoever_tells()
    {
        const int Producers = 4;
        var tally = new Tally(Producers * 1000, 256);
        using var go = new ManualResetEventSlim();
        var actor = _hub.Actors.ActorOf(HubSystem.Props(() => new Counting(tally, spins: 0), "some"));
        using var started = new ManualResetEventSlim();
        actor.Tell(new Action(() =>
        {
            started.Set();
            go.Wait(Patience);
        }));
        started.Wait(Patience).ShouldBeTrue();
        await Task.WhenAll(Enumerable.Range(0, Producers).Select(producer => Thread(() =>
        {
            for (var i = 0; i < 1000; i++)
                actor.Tell(new Ordinary(tally, producer, i), ActorRefs.NoSender);
        }))).WaitAsync(Patience);

        tally.Refused.ShouldBe(Producers * 1000 - 256);
        go.Set();
        tally.WaitFor(() => tally.Received == 256, Patience).ShouldBeTrue($"{tally}");
    }

    /// <summary>
    /// Two threads tell sleeping actors a little and wait until it was handled. A sender whose message is seen neither by the turn that ends nor wakes
    /// the actor hangs here, and nothing else does.
    /// </summary>
    [Fact]
    public async Task No_wake_up_is_lost()
    {
        const int Threads = 2;
        const int Actors = 1000;
        const int Rounds = 20;
        await Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Thread(() =>
        {
            var random = new Random(thread);
            var counters = Enumerable.Range(0, Actors).Select(_ => new Counter()).ToArray();
            var actors = counters.Select(counter => _hub.Actors.ActorOf(HubSystem.Props(() => new Adder(counter), "some"))).ToArray();
            var sent = new long[Actors];
            for (var round = 0; round < Rounds; round++)
            {
                for (var burst = 0; burst < 10; burst++)
                {
                    for (var again = random.Next(1, 5); again > 0; again--)
                    {
                        for (var i = 0; i < Actors; i++)
                            Tell(i);
                    }

                    for (var i = 0; i < Actors; i++)
                        Wait(i);
                }

                for (var i = 0; i < Actors; i++)
                {
                    Tell(i);
                    Wait(i);
                    System.Threading.Thread.SpinWait(random.Next(60)); // Somewhere in the end of its turn.
                    Tell(i);
                }

                for (var i = 0; i < Actors; i++)
                    Wait(i);
            }

            void Tell(int i)
            {
                sent[i]++;
                actors[i].Tell(Message, ActorRefs.NoSender);
            }

            void Wait(int i) => SpinWait.SpinUntil(() => counters[i].Value == sent[i], Patience).ShouldBeTrue(
                $"actor {i} sleeps although something waits: {counters[i].Value} of {sent[i]}");
        }))).WaitAsync(Patience * 3);
    }

    private static readonly object Message = new();

    private static Task Thread(Action code) => Task.Factory.StartNew(code, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>What became of the messages of one actor.</summary>
    private sealed class Tally(int sent, int bound)
    {
        private readonly object _changed = new();
        private int _received;
        private int _busy;
        private int _stopped;
        private int _controls;
        private int _repeated;
        private int _controlBusy;
        private int _unflushed;
        private int _inTurn;

        public int Sent => sent;

        public int Received => Volatile.Read(ref _received);

        public int Refused => Volatile.Read(ref _busy) + Stopped;

        public int Stopped => Volatile.Read(ref _stopped);

        public int Repeated => Volatile.Read(ref _repeated);

        public int ControlBusy => Volatile.Read(ref _controlBusy);

        public int Unflushed => Volatile.Read(ref _unflushed);

        public int Overlaps { get; private set; }

        public int EmptyEnds { get; private set; }

        public int OverBound { get; private set; }

        public int OutOfOrder { get; set; }

        public int ControlsTaken { get; set; }

        public void OnControl() => Interlocked.Increment(ref _controls);

        public void OnRepeated() => Interlocked.Increment(ref _repeated);

        public void Enter()
        {
            if (Interlocked.Increment(ref _inTurn) != 1)
                Overlaps++;
        }

        public void Leave() => Interlocked.Decrement(ref _inTurn);

        /// <summary>On the turn.</summary>
        public void OnReceived(int waiting)
        {
            // Control messages may wait beyond the bound; no more of them than were told and not taken.
            if (waiting - (Volatile.Read(ref _controls) - ControlsTaken) > bound)
                OverBound++;
            Volatile.Write(ref _unflushed, _unflushed + 1);
            if (Interlocked.Increment(ref _received) + Refused >= sent)
                Changed();
        }

        /// <summary>On the turn.</summary>
        public void OnBatchEnd()
        {
            if (_unflushed == 0)
                EmptyEnds++;
            Volatile.Write(ref _unflushed, 0);
            Changed();
        }

        public void OnRefused(Refusal reason, bool isControl)
        {
            if (isControl && reason == Refusal.Busy)
                Interlocked.Increment(ref _controlBusy);
            Interlocked.Increment(ref reason == Refusal.Busy ? ref _busy : ref _stopped);
            if (Received + Refused >= sent)
                Changed();
        }

        public bool WaitFor(Func<bool> condition, TimeSpan patience)
        {
            var start = TimeProvider.System.GetTimestamp();
            lock (_changed)
            {
                while (!condition())
                {
                    var left = patience - TimeProvider.System.GetElapsedTime(start);
                    if (left <= TimeSpan.Zero || !Monitor.Wait(_changed, left))
                        return condition();
                }
            }

            return true;
        }

        public override string ToString() =>
            $"sent {sent}, received {Received}, busy {_busy}, stopped {_stopped}, unflushed {Unflushed}, over bound {OverBound}";

        private void Changed()
        {
            lock (_changed)
                Monitor.PulseAll(_changed);
        }
    }

    private abstract class Counted(Tally tally) : IRefusable
    {
        private int _ends;

        public void End()
        {
            if (Interlocked.Increment(ref _ends) != 1)
                tally.OnRepeated();
        }

        void IRefusable.Refuse(IActorRef receiver, IActorRef? sender, Refusal reason)
        {
            End();
            tally.OnRefused(reason, this is Control);
        }
    }

    private sealed class Ordinary(Tally tally, int producer, int number) : Counted(tally)
    {
        public int Producer => producer;

        public int Number => number;
    }

    private sealed class Control(Tally tally) : Counted(tally), IControlMessage;

    private sealed class Counting(Tally tally, int spins) : UntypedActor
    {
        private readonly int[] _last = [.. Enumerable.Repeat(-1, 16)];

        protected override void OnReceive(object message)
        {
            tally.Enter();
            switch (message)
            {
                case BatchEnd:
                    tally.OnBatchEnd();
                    break;
                case Action action:
                    action();
                    break;
                case Counted counted:
                    OnCounted(counted);
                    break;
            }

            tally.Leave();
        }

        private void OnCounted(Counted counted)
        {
            var waiting = Context.Waiting();
            counted.End();
            if (counted is Ordinary ordinary)
            {
                if (ordinary.Number <= _last[ordinary.Producer])
                    tally.OutOfOrder++;
                _last[ordinary.Producer] = ordinary.Number;
            }
            else
            {
                tally.ControlsTaken++;
            }

            tally.OnReceived(waiting);
            System.Threading.Thread.SpinWait(spins);
        }
    }

    /// <summary>A number on a cache line of its own.</summary>
    private sealed class Counter
    {
        private readonly long[] _value = new long[32];

        public long Value => Volatile.Read(ref _value[16]);

        public void Add() => Volatile.Write(ref _value[16], _value[16] + 1);
    }

    private sealed class Adder(Counter counter) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            if (message is not BatchEnd)
                counter.Add();
        }
    }
}

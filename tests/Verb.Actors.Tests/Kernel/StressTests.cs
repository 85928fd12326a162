using Verb.Actors.Kernel;

namespace Verb.Actors.Tests.Kernel;

/// <summary>Real threads, tiny batches, small mailboxes: whatever was sent was received or is a dead letter, and nobody hangs.</summary>
public sealed class StressTests
{
    private const int Producers = 8;
    private const int Messages = 10_000;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly ActorSystem _system = new(new ActorSystemOptions
    {
        Clock = TimeProvider.System,
        Dispatcher = ThreadPoolDispatcher.Instance,
        Random = Random.Shared,
    });

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(3, 7)]
    [InlineData(64, 1_000_000)]
    public async Task No_wake_up_is_lost(int batch, int bound)
    {
        var actor = Counter(batch, bound, out var counter);

        await Produce(producer =>
        {
            for (var i = 0; i < Messages; i++)
                actor.Tell((producer, i));
        });
        await Until(() => counter.Received + _system.DeadLetterCount == Producers * Messages);

        counter.OutOfOrder.ShouldBe(0);
        counter.Overlaps.ShouldBe(0);
        await _system.DisposeAsync().AsTask().WaitAsync(Patience);
        _system.ActorCount.ShouldBe(0);
    }

    [Fact]
    public async Task Who_waits_for_room_gets_every_message_through_in_order()
    {
        var actor = Counter(batch: 2, bound: 3, out var counter);

        await Produce(async producer =>
        {
            for (var i = 0; i < Messages / 10; i++)
                (await actor.TellAsync((producer, i), default)).ShouldBe(TellResult.Accepted);
        });
        await Until(() => counter.Received == Producers * Messages / 10);

        counter.OutOfOrder.ShouldBe(0);
        counter.Overlaps.ShouldBe(0);
        _system.DeadLetterCount.ShouldBe(0);
        await _system.DisposeAsync().AsTask().WaitAsync(Patience);
    }

    [Fact]
    public async Task A_cancelled_wait_and_a_delivery_exclude_each_other()
    {
        var actor = Counter(batch: 1, bound: 1, out var counter);
        var accepted = 0;

        await Produce(async producer =>
        {
            for (var i = 0; i < Messages / 10; i++)
            {
                using var cancellation = new CancellationTokenSource();
                var tell = actor.TellAsync((producer, i), cancellation.Token).AsTask();
                await Task.Yield();
                await cancellation.CancelAsync();
                await tell.ContinueWith(_ => { }, TaskScheduler.Default);
                if (tell.IsCompletedSuccessfully)
                    Interlocked.Increment(ref accepted);
            }
        });
        await _system.StopAndWait(actor).WaitAsync(Patience);

        (counter.Received + _system.DeadLetterCount).ShouldBe(accepted);
        await _system.DisposeAsync().AsTask().WaitAsync(Patience);
    }

    [Fact]
    public async Task A_mailbox_never_holds_more_than_its_bound()
    {
        var gate = new TaskCompletionSource();
        var actor = _system.Spawn(
            new Props<int>(() => new ScriptedActor<int> { Start = _ => new ValueTask(gate.Task) }) { Mailbox = new MailboxOptions { Bound = 777 } }, "a");
        var accepted = 0;

        await Produce(_ =>
        {
            for (var i = 0; i < Messages; i++)
            {
                if (actor.TryTell(i) == TellResult.Accepted)
                    Interlocked.Increment(ref accepted);
            }
        });

        accepted.ShouldBe(777);
        gate.SetResult();
        await _system.DisposeAsync().AsTask().WaitAsync(Patience);
    }

    [Fact]
    public async Task Actors_stopped_under_fire_account_for_every_message()
    {
        const int Rounds = 300;
        var received = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var actor = _system.Spawn(
                Script.Props<int>((_, _) => Interlocked.Increment(ref received)) with { Mailbox = new MailboxOptions { Bound = 16, BatchSize = 1 } }, "a");
            var stop = round;
            await Produce(producer =>
            {
                for (var i = 0; i < 20; i++)
                {
                    actor.Tell(i);
                    if (producer == 0 && i == stop % 20)
                        _system.Stop(actor);
                }
            });
        }

        await _system.DisposeAsync().AsTask().WaitAsync(Patience);
        (received + _system.DeadLetterCount).ShouldBe(Rounds * Producers * 20);
        _system.ActorCount.ShouldBe(0);
    }

    [Fact]
    public async Task Passivation_loses_nothing()
    {
        var entity = new PassivatingEntity(_system);

        await Produce(_ =>
        {
            for (var i = 0; i < Messages / 10; i++)
                entity.Tell();
        });
        await Until(() => entity.Received == Producers * Messages / 10);

        await _system.DisposeAsync().AsTask().WaitAsync(Patience);
        _system.DeadLetterCount.ShouldBe(0);
        _system.ActorCount.ShouldBe(0);
    }

    [Fact]
    public async Task Suspensions_completed_by_other_threads_lose_nothing()
    {
        var received = 0;
        var actor = _system.Spawn(
            new Props<int>(() => new ScriptedActor<int>
            {
                Receive = async (_, message) =>
                {
                    if (message % 3 == 0)
                        await Task.Yield();
                    received++;
                },
                BatchEnd = async _ => await Task.Yield(),
            }) { Mailbox = new MailboxOptions { Bound = int.MaxValue, BatchSize = 4 } },
            "a");

        await Produce(_ =>
        {
            for (var i = 0; i < Messages / 4; i++)
                actor.Tell(i);
        });
        await Until(() => Volatile.Read(ref received) == Producers * Messages / 4);

        await _system.DisposeAsync().AsTask().WaitAsync(Patience);
    }

    [Fact]
    public async Task Timers_on_real_time_fire_and_end()
    {
        var ticks = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var count = 0;
        _system.Spawn(
            new Props<int>(() => new ScriptedActor<int>
            {
                Start = context => Script.Done(() => context.StartTimer("t", 1, TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(1.5))),
                Receive = (_, _) => Script.Done(() =>
                {
                    if (++count == 10)
                        ticks.SetResult();
                }),
            }),
            "a");

        await ticks.Task.WaitAsync(Patience);
        await _system.DisposeAsync().AsTask().WaitAsync(Patience);

        _system.TimerCount.ShouldBe(0);
    }

    private static Task Produce(Action<int> produce) =>
        Task.WhenAll(Enumerable.Range(0, Producers).Select(producer =>
            Task.Factory.StartNew(() => produce(producer), default, TaskCreationOptions.LongRunning, TaskScheduler.Default))).WaitAsync(Patience);

    private static Task Produce(Func<int, Task> produce) =>
        Task.WhenAll(Enumerable.Range(0, Producers).Select(producer => Task.Run(() => produce(producer)))).WaitAsync(Patience);

    /// <summary>Yields rather than sleeps; what it waits for is certain unless the kernel lost something.</summary>
    private static async Task Until(Func<bool> condition)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            TimeProvider.System.GetElapsedTime(start).ShouldBeLessThan(Patience, "something was lost");
            await Task.Yield();
        }
    }

    private IActorRef<(int Producer, int Number)> Counter(int batch, int bound, out CountingActor counter)
    {
        var actor = new CountingActor();
        counter = actor;
        return _system.Spawn(
            new Props<(int, int)>(() => actor) { Mailbox = new MailboxOptions { BatchSize = batch, Bound = bound } }, "counter");
    }

    private sealed class CountingActor : Actor<(int Producer, int Number)>
    {
        private readonly int[] _last = [.. Enumerable.Repeat(-1, Producers)];
        private long _received;
        private int _inside;

        public long Received => Volatile.Read(ref _received);

        public int OutOfOrder { get; private set; }

        public int Overlaps { get; private set; }

        protected internal override ValueTask OnReceive((int Producer, int Number) message)
        {
            if (Interlocked.Increment(ref _inside) != 1)
                Overlaps++;
            if (message.Number <= _last[message.Producer])
                OutOfOrder++;
            _last[message.Producer] = message.Number;
            Interlocked.Decrement(ref _inside);
            Volatile.Write(ref _received, _received + 1);
            return default;
        }
    }
}

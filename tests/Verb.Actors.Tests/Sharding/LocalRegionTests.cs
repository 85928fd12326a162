using System.Diagnostics.CodeAnalysis;
using Verb.Actors.Kernel;
using Verb.Actors.Sharding;
using Verb.Actors.Tests.Kernel;
using Verb.TestKit;

namespace Verb.Actors.Tests.Sharding;

public sealed class LocalRegionTests
{
    [Fact]
    public void An_entity_is_started_when_it_is_first_told_and_forgotten_when_it_has_ended()
    {
        using var system = new TestSystem();
        var received = 0;
        var region = Region(system.System, () => received++);
        region.Count.ShouldBe(0);
        region.Tell("a", 1).ShouldBe(TellResult.Accepted);
        region.Keys.ShouldBe(["a"]);
        system.Settle();

        received.ShouldBe(1);
        region.Count.ShouldBe(0, "it passivated");
        system.System.ActorCount.ShouldBe(0);
    }

    [Fact]
    public void Telling_only_the_living_starts_nobody()
    {
        using var system = new TestSystem();
        var region = Region(system.System, () => { });
        region.TellIfAlive("a", 1);
        system.Settle();
        region.Find("a").ShouldBeNull();
        region.Count.ShouldBe(0);
    }

    [Fact]
    public void A_full_entity_says_so()
    {
        using var system = new TestSystem();
        var region = new LocalRegion<string, int>(system.System, "e", _ => Script.Props<int>((_, _) => { }) with
        {
            Mailbox = new MailboxOptions { Bound = 2 },
        });
        region.Tell("a", 1);
        region.Tell("a", 1);
        region.Tell("a", 1).ShouldBe(TellResult.Full);
    }

    [Fact]
    public void Passivation_loses_nothing_in_any_of_a_thousand_orders()
    {
        for (var seed = 0; seed < 1000; seed++)
        {
            using var system = new TestSystem(seed);
            var received = 0;
            var region = Region(system.System, () => received++);
            var sent = 0;
            for (var i = 0; i < 4; i++)
            {
                system.Spawn(
                    Script.Props<int>((context, left) =>
                    {
                        region.Tell($"{left % 2}", 1).ShouldBe(TellResult.Accepted);
                        sent++;
                        if (left > 0)
                            context.Self.Tell(left - 1);
                    }),
                    "sender").Tell(9);
            }

            system.Settle();

            received.ShouldBe(sent, $"seed {seed}");
            sent.ShouldBe(40, $"seed {seed}");
            system.System.DeadLetterCount.ShouldBe(0, $"seed {seed}");
            region.Count.ShouldBe(0, $"seed {seed}");
        }
    }

    [Fact]
    [SuppressMessage("Security", "CA5394", Justification = "Production's own randomness is not under test.")]
    public async Task Passivation_loses_nothing_on_the_thread_pool()
    {
        await using var system = new ActorSystem(new ActorSystemOptions
        {
            Clock = TimeProvider.System,
            Dispatcher = new ThreadPoolDispatcher(),
            Random = new Random(1),
        });
        const int Senders = 4;
        const int Each = 25_000;
        var received = 0;
        using var all = new ManualResetEventSlim();
        var region = Region(system, () =>
        {
            if (Interlocked.Increment(ref received) == Senders * Each)
                all.Set();
        });
        var senders = Enumerable.Range(0, Senders).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < Each; i++)
            {
                while (region.Tell($"{i % 3}", 1) == TellResult.Full)
                    Thread.Yield();
            }
        }));
        await Task.WhenAll(senders);

        all.Wait(TimeSpan.FromSeconds(60)).ShouldBeTrue($"{received} of {Senders * Each}");
        system.DeadLetterCount.ShouldBe(0);
    }

    private static LocalRegion<string, int> Region(ActorSystem system, Action received) => new(system, "e", _ => Script.Props<int>((context, _) =>
    {
        received();
        context.TryPassivate();
    }));

    [Fact]
    public void Where_the_system_is_ending_nobody_is_started()
    {
        using var system = new TestSystem();
        var region = Region(system.System, () => { });
        _ = system.System.DisposeAsync().AsTask();

        region.Tell("a", 1).ShouldBe(TellResult.Stopped);
        region.Tell("a", 2).ShouldBe(TellResult.Stopped);
        region.Find("a").ShouldBeNull();
        region.Count.ShouldBe(0);
    }
}

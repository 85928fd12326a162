using Verb.Actors.Kernel;
using Verb.TestKit;

namespace Verb.Actors.Tests.Kernel;

public sealed class PassivationTests
{
    [Fact]
    public void An_actor_with_nothing_waiting_ends()
    {
        using var system = new TestSystem();
        bool? passivated = null;
        var actor = system.Spawn(Script.Props<int>((context, _) => passivated = context.TryPassivate()), "a");
        actor.Tell(1);
        system.Settle();

        passivated.ShouldBe(true);
        actor.TryTell(2).ShouldBe(TellResult.Stopped);
        system.System.ActorCount.ShouldBe(0);
    }

    [Fact]
    public void An_actor_with_something_waiting_goes_on()
    {
        using var system = new TestSystem();
        var results = new List<bool>();
        var actor = system.Spawn(Script.Props<int>((context, _) => results.Add(context.TryPassivate())), "a");
        actor.Tell(1);
        actor.Tell(2);
        system.Settle();

        results.ShouldBe([false, true]);
    }

    [Fact]
    public void After_yes_no_tell_is_accepted_even_within_the_turn()
    {
        using var system = new TestSystem();
        TellResult? result = null;
        var actor = system.Spawn(
            Script.Props<int>((context, _) =>
            {
                context.TryPassivate().ShouldBeTrue();
                result = context.Self.TryTell(2);
            }),
            "a");
        actor.Tell(1);
        system.Settle();

        result.ShouldBe(TellResult.Stopped);
    }

    [Fact]
    public void A_queued_tick_keeps_the_actor()
    {
        using var system = new TestSystem();
        var gate = new TaskCompletionSource();
        var log = new List<string>();
        var actor = system.Spawn(
            new Props<string>(() => new ScriptedActor<string>
            {
                Start = context => Script.Done(() => context.StartTimer("t", "tick", TimeSpan.FromSeconds(1))),
                Receive = async (context, message) =>
                {
                    if (message == "wait")
                        await gate.Task;
                    log.Add($"{message} {context.TryPassivate()}");
                },
            }),
            "a");
        actor.Tell("wait");
        system.Advance(TimeSpan.FromSeconds(1));
        gate.SetResult();
        system.Settle();

        log.ShouldBe(["wait False", "tick True"]);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Senders_that_start_a_new_actor_when_refused_lose_nothing(int firstSeed)
    {
        var spawned = 0;
        for (var seed = firstSeed; seed < firstSeed + 50; seed++)
        {
            using var system = new TestSystem(seed);
            var entity = new PassivatingEntity(system.System);
            var sent = 0;
            for (var i = 0; i < 5; i++)
            {
                system.Spawn(
                    Script.Props<int>((context, left) =>
                    {
                        entity.Tell();
                        sent++;
                        if (left > 0)
                            context.Self.Tell(left - 1);
                    }),
                    "sender").Tell(20);
            }

            system.Settle();

            entity.Received.ShouldBe(sent, $"seed {seed}");
            spawned += entity.Spawned;
            system.System.DeadLetterCount.ShouldBe(0, $"seed {seed}");
        }

        spawned.ShouldBeGreaterThan(75, "the race was run");
    }

    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 4).Select(i => i * 50)];
}

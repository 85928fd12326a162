using System.Diagnostics;
using Akka.Actor;
using Verb.TestKit.Worlds;
using Verb.TestKit.Xunit;
using Xunit.Sdk;

namespace Verb.Actors.Tests.TestKit;

public sealed class VerbTestKitTests : VerbTestKit
{
    [Fact]
    public void What_is_expected_is_there_at_once()
    {
        var probe = CreateTestProbe();
        var echo = Sys.ActorOf(Say.Props((message, context) =>
        {
            context.Sender.Tell(message);
            probe.Ref.Tell(message, context.Self);
        }));

        echo.Tell("hello");

        ExpectMsg("hello");
        probe.ExpectMsg<string>().ShouldBe("hello");
        probe.LastSender.ShouldBe(echo);
        ExpectNoMsg();
        probe.ExpectNoMsg();
    }

    [Fact]
    public void That_nothing_comes_is_exact_and_takes_no_time()
    {
        Sys.Scheduler.ScheduleTellOnce(TimeSpan.FromSeconds(10), TestActor, "late", ActorRefs.NoSender);
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < 99; i++)
        {
            Advance(TimeSpan.FromSeconds(0.1));
            ExpectNoMsg();
        }

        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(5));
        Advance(TimeSpan.FromSeconds(0.1));
        ExpectMsg("late");
        Should.Throw<XunitException>(() =>
        {
            TestActor.Tell("unexpected");
            ExpectNoMsg();
        });
    }

    [Fact]
    public void What_is_fished_for_passes_over_what_does_not_fit()
    {
        TestActor.Tell(1);
        TestActor.Tell("fish");
        TestActor.Tell("more");

        FishForMessage<string>(_ => true).ShouldBe("fish");
        FishForMessage(message => message is "more").ShouldBe("more");
        Should.Throw<XunitException>(() => FishForMessage(_ => true));
    }

    [Fact]
    public void A_watched_actors_end_is_seen()
    {
        var actor = Watch(Sys.ActorOf(Say.Props((_, context) => context.Stop(context.Self))));
        ExpectNoMsg();

        actor.Tell("stop");

        ExpectTerminated(actor);
    }

    [Fact]
    public void What_is_logged_is_expected_without_waiting()
    {
        var done = new TaskCompletionSource();
        var actor = Sys.ActorOf(Say.Props((message, context) =>
        {
            if (message is Status.Failure failure)
                throw failure.Cause;
            done.Task.PipeTo(context.Self);
        }));
        actor.Tell("go");

        EventFilter.Exception<IOException>("disk").ExpectOne(() => World.Do(() => done.SetException(new IOException("disk"))));
        Should.Throw<XunitException>(() => EventFilter.Exception<IOException>().ExpectOne(() => { }));
    }

    [Fact]
    public void Within_measures_the_time_that_moves_when_told()
    {
        var hour = TimeSpan.FromHours(1);
        Within(hour, () => Advance(hour));
        Within(hour, 2 * hour, () => Advance(hour));

        Should.Throw<XunitException>(() => Within(hour, () => Advance(hour + TimeSpan.FromTicks(1)))).Message.ShouldContain("seed 1");
        Should.Throw<XunitException>(() => Within(hour, 2 * hour, () => Advance(TimeSpan.FromMinutes(1))));
    }

    [Fact]
    public async Task Within_awaits_in_the_same_time()
    {
        var hour = TimeSpan.FromHours(1);
        var echo = Sys.ActorOf(Say.Props((message, context) => context.Sender.Tell(message)));

        (await WithinAsync(hour, async () => await echo.Ask<int>(42))).ShouldBe(42);
        await Should.ThrowAsync<XunitException>(() => WithinAsync(hour, () =>
        {
            Advance(2 * hour);
            return Task.CompletedTask;
        }));
    }

    [Fact]
    public void Several_things_can_be_under_way_and_the_seed_decides()
    {
        static string Order(int seed)
        {
            using var kit = new Kit(seed);
            var probe = kit.CreateTestProbe();
            var a = kit.Sys.ActorOf(Say.Props((_, _) => probe.Tell("a")), "a");
            var b = kit.Sys.ActorOf(Say.Props((_, _) => probe.Tell("b")), "b");
            kit.Together(() =>
            {
                a.Tell(1);
                b.Tell(1);
                probe.ExpectNoMsg();
            });
            return probe.ExpectMsg<string>() + probe.ExpectMsg<string>();
        }

        Enumerable.Range(0, 20).Select(Order).Distinct().Order().ShouldBe(["ab", "ba"]);
        Enumerable.Range(0, 20).Select(_ => Order(5)).Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public void The_same_seed_gives_the_same_run()
    {
        static ulong Hash()
        {
            using var kit = new Kit(3);
            var probes = Enumerable.Range(0, 3).Select(_ => kit.CreateTestProbe()).ToArray();
            foreach (var probe in probes)
                kit.Sys.ActorOf(Say.Props((message, _) => probe.Tell(message))).Tell("hello");
            kit.Advance(TimeSpan.FromSeconds(1));
            return kit.World.Hash;
        }

        Enumerable.Range(0, 20).Select(_ => Hash()).Distinct().Count().ShouldBe(1);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_escape_fails_the_test(bool toProbe)
    {
        var kit = new Kit(7);
        var target = toProbe ? kit.TestActor : kit.Sys.ActorOf(Say.Props((_, _) => { }));
        kit.Sys.ActorOf(Say.Props((_, _) => Task.Run(() => target.Tell("escaped")))).Tell("go");
        SpinWait.SpinUntil(() => kit.World.Escapes.Count > 0, TimeSpan.FromSeconds(20));

        Should.Throw<WorldEscapeException>(kit.Dispose).Message.ShouldContain("seed 7");
    }

    [Fact]
    public void Its_configuration_comes_before_the_kits()
    {
        using var kit = new Kit(1, "akka.test.default-timeout = 7s, some.thing = 5");

        kit.TestKitSettings.DefaultTimeout.ShouldBe(TimeSpan.FromSeconds(7));
        kit.TestKitSettings.SingleExpectDefault.ShouldBe(TimeSpan.FromSeconds(0.1));
        kit.Sys.Settings.Config.GetInt("some.thing").ShouldBe(5);
    }

    [Fact]
    public void Its_clock_is_its_processs()
    {
        Process.Freeze();
        var probe = CreateTestProbe();
        Sys.ActorOf(Say.Props((message, _) => probe.Tell(message))).Tell("held");
        Advance(TimeSpan.FromSeconds(3));
        probe.ExpectNoMsg();

        Process.Thaw();
        Settle();

        probe.ExpectMsg("held");
        Clock.GetElapsedTime(0).ShouldBe(TimeSpan.FromSeconds(3));
    }

    private sealed class Kit(int seed, string config = "") : VerbTestKit(seed, config);
}

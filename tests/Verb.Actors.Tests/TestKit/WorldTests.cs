using Akka.Actor;
using Verb.TestKit.Worlds;

namespace Verb.Actors.Tests.TestKit;

public sealed class WorldTests
{
    [Fact]
    public void The_same_seed_gives_the_same_run_however_often()
    {
        var first = WorldCrowd.Run(7);
        first.Steps.ShouldBeGreaterThan(200);

        Enumerable.Range(0, 200).Select(_ => WorldCrowd.Run(7)).Distinct().ShouldBe([first]);
    }

    [Fact]
    public void Each_seed_gives_a_run_of_its_own() =>
        Enumerable.Range(0, 40).Select(WorldCrowd.Run).Distinct().Count().ShouldBe(40);

    [Fact]
    public void Two_worlds_on_one_thread_by_turns_are_as_if_alone()
    {
        var (one, two) = (new WorldCrowd(3), new WorldCrowd(4));
        one.Begin();
        two.Begin();
        for (var i = 0; i < 4; i++)
        {
            one.Go();
            two.Go();
        }

        (one.End(), two.End()).ShouldBe((WorldCrowd.Run(3), WorldCrowd.Run(4)));
    }

    [Fact]
    public void Worlds_on_several_threads_at_once_are_as_if_alone()
    {
        var seeds = Enumerable.Range(0, 16).ToArray();
        var atOnce = new (ulong, long)[seeds.Length];
        Thread[] threads = [.. Enumerable.Range(0, 2).Select(half => new Thread(() =>
        {
            for (var i = half; i < seeds.Length; i += 2)
                atOnce[i] = WorldCrowd.Run(seeds[i]);
        }))];
        foreach (var thread in threads)
            thread.Start();
        foreach (var thread in threads)
            thread.Join();

        atOnce.ShouldBe(seeds.Select(WorldCrowd.Run));
    }

    [Fact]
    public async Task A_thread_of_the_pool_gives_the_same_run_as_one_of_its_own()
    {
        var onPool = await Task.Run(() => Enumerable.Range(0, 8).Select(WorldCrowd.Run).ToArray());
        var onItsOwn = await Task.Factory.StartNew(
            () => Enumerable.Range(0, 8).Select(WorldCrowd.Run).ToArray(),
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);

        onPool.ShouldBe(onItsOwn);
    }

    [Fact]
    public void Lines_say_what_the_hash_is_made_of()
    {
        using var world = new World { KeepsLines = true };
        var actor = System(world).ActorOf(Say.Props((_, _) => { }), "a");
        world.Settle();
        var before = (world.Hash, world.Lines.Count);

        actor.Tell("hello");
        world.Note("said hello");

        world.Lines.Skip(before.Count).Select(line => line[20..]).ShouldBe(["n/user/a String", "said hello"]);
        world.Hash.ShouldNotBe(before.Hash);
    }

    [Fact]
    public void What_is_told_waits_until_the_world_settles()
    {
        using var world = new World();
        var heard = new List<object>();
        var actor = System(world).ActorOf(Say.Props((message, _) => heard.Add(message)));

        actor.Tell(1);
        heard.ShouldBeEmpty();
        world.Settle();

        heard.ShouldBe([1]);
    }

    [Fact]
    public void In_an_eager_world_what_is_told_has_run()
    {
        using var world = new World { IsEager = true };
        var heard = new List<object>();
        var system = System(world);
        var last = system.ActorOf(Say.Props((message, _) => heard.Add(message)));
        var first = system.ActorOf(Say.Props((message, _) => last.Tell(message)));

        first.Tell(1);

        heard.ShouldBe([1]);
    }

    [Fact]
    public void Each_run_of_a_mailbox_handles_one_message()
    {
        using var world = new World();
        var actor = System(world).ActorOf(Say.Props((_, _) => { }));
        world.Settle();
        var before = world.Steps;

        for (var i = 0; i < 100; i++)
            actor.Tell(i);
        world.Settle();

        (world.Steps - before).ShouldBe(100);
    }

    [Fact]
    public void Both_orders_of_what_is_told_together_come_up()
    {
        string Order(int seed)
        {
            using var world = new World(seed) { IsEager = true };
            var (system, order) = (System(world), "");
            var a = system.ActorOf(Say.Props((_, _) => order += "a"), "a");
            var b = system.ActorOf(Say.Props((_, _) => order += "b"), "b");
            world.Together(() =>
            {
                a.Tell(1);
                b.Tell(1);
                order.ShouldBe("");
            });
            return order;
        }

        Enumerable.Range(0, 30).Select(Order).Distinct().Order().ShouldBe(["ab", "ba"]);
    }

    [Fact]
    public void Advancing_stops_at_each_timer_and_settles_there()
    {
        using var world = new World();
        var heard = new List<string>();
        var system = System(world);
        var actor = system.ActorOf(Say.Props((message, _) => heard.Add($"{message} at {world.Now.TotalSeconds}")));
        system.Scheduler.ScheduleTellOnce(TimeSpan.FromSeconds(2), actor, "two", ActorRefs.NoSender);
        system.Scheduler.ScheduleTellRepeatedly(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1.5), actor, "again", ActorRefs.NoSender);
        world.After(TimeSpan.FromSeconds(3), () => system.Scheduler.ScheduleTellOnce(TimeSpan.Zero, actor, "now", ActorRefs.NoSender));

        world.Advance(TimeSpan.FromSeconds(4));

        heard.ShouldBe(["again at 1", "two at 2", "again at 2.5", "now at 3", "again at 4"]);
        (world.Now, world.TimerCount).ShouldBe((TimeSpan.FromSeconds(4), 1));
    }

    [Fact]
    public void A_cancelled_timer_neither_fires_nor_counts()
    {
        using var world = new World();
        var system = System(world);
        var count = world.TimerCount;
        var heard = new List<object>();
        var actor = system.ActorOf(Say.Props((message, _) => heard.Add(message)));
        var once = system.Scheduler.ScheduleTellOnceCancelable(TimeSpan.FromSeconds(2), actor, 1, ActorRefs.NoSender);
        using var late = new Cancelable(system.Scheduler, TimeSpan.FromSeconds(1));
        system.Scheduler.ScheduleTellOnce(TimeSpan.FromSeconds(2), actor, 2, ActorRefs.NoSender, late);
        world.TimerCount.ShouldBe(count + 3);

        once.Cancel();
        world.TimerCount.ShouldBe(count + 2);
        world.Advance(TimeSpan.FromSeconds(3));

        heard.ShouldBeEmpty();
    }

    [Fact]
    public void With_a_grain_the_seed_decides_among_what_is_due_at_about_the_same_time()
    {
        string Order(int seed)
        {
            using var world = new World(seed) { Grain = TimeSpan.FromMilliseconds(1) };
            var order = "";
            world.After(TimeSpan.FromMilliseconds(1.3), () => order += "a");
            world.After(TimeSpan.FromMilliseconds(1.7), () => order += "b");
            world.Advance(TimeSpan.FromMilliseconds(2));
            return order;
        }

        Enumerable.Range(0, 30).Select(Order).Distinct().Order().ShouldBe(["ab", "ba"]);
    }

    [Fact]
    public void Something_can_happen_in_the_midst_of_their_work()
    {
        using var world = new World();
        var heard = 0;
        var actor = System(world).ActorOf(Say.Props((_, _) => heard++));
        world.Settle();
        var at = -1;
        world.AfterSteps(3, () => at = heard);
        for (var i = 0; i < 10; i++)
            actor.Tell(i);

        world.Settle();

        (at, heard).ShouldBe((3, 10));
    }

    [Fact]
    public void A_frozen_process_goes_on_where_it_was()
    {
        using var world = new World();
        var process = new WorldProcess(world, "n");
        var system = process.CreateSystem("s");
        var heard = new List<string>();
        var actor = system.ActorOf(Say.Props((message, _) => heard.Add($"{message} at {world.Now.TotalSeconds}")));
        system.Scheduler.ScheduleTellRepeatedly(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), actor, "tick", ActorRefs.NoSender);
        world.Settle();

        process.Freeze();
        actor.Tell("told");
        world.Advance(TimeSpan.FromSeconds(3.5));
        heard.ShouldBeEmpty();
        process.Thaw();
        world.Advance(TimeSpan.FromSeconds(1));

        heard.Order().ShouldBe(["tick at 3.5", "tick at 4.5", "told at 3.5"]);
    }

    [Fact]
    public void A_thaw_keeps_the_seeds_order()
    {
        string Order(int seed)
        {
            using var world = new World(seed);
            var process = new WorldProcess(world, "n");
            var (system, order) = (process.CreateSystem("s"), "");
            IActorRef[] all = [.. Enumerable.Range(0, 6).Select(i => system.ActorOf(Say.Props((_, _) => order += i), $"a{i}"))];
            world.Settle();
            process.Freeze();
            foreach (var actor in seed % 2 == 0 ? all : all.Reverse())
                actor.Tell("go");
            world.Settle();
            process.Thaw();
            world.Settle();
            return order;
        }

        Enumerable.Range(0, 10).Select(_ => Order(4)).Distinct().Count().ShouldBe(1);
        Enumerable.Range(0, 10).Select(Order).Distinct().Count().ShouldBeGreaterThan(5);
    }

    [Fact]
    public void Nothing_of_a_killed_process_runs_again()
    {
        using var world = new World();
        var process = new WorldProcess(world, "n");
        var (killed, heard, answer) = (false, 0, new TaskCompletionSource());
        process.WhenKilled(() => killed = true);
        var system = process.CreateSystem("s");
        var actor = system.ActorOf(Say.Props((message, context) =>
        {
            heard++;
            if (message is "wait")
                answer.Task.PipeTo(context.Self, useConfigureAwait: true, success: () => "waited");
        }));
        system.Scheduler.ScheduleTellRepeatedly(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), actor, "tick", ActorRefs.NoSender);
        process.After(TimeSpan.FromSeconds(1), () => heard++);
        actor.Tell("wait");
        world.Settle();
        actor.Tell("queued");

        process.Kill();
        actor.Tell("more");
        world.Do(answer.SetResult);
        world.Advance(TimeSpan.FromSeconds(10));

        (killed, heard, world.TimerCount).ShouldBe((true, 1, 0));
        Should.Throw<InvalidOperationException>(() => process.CreateSystem("again"));
    }

    [Fact]
    public void A_process_that_starts_again_is_another()
    {
        using var world = new World();
        var first = new WorldProcess(world, "n");
        var draw = first.Random.Next();
        first.Kill();

        new WorldProcess(world, "n").Random.Next().ShouldNotBe(draw);
        using var same = new World();
        new WorldProcess(same, "n").Random.Next().ShouldBe(draw);
    }

    [Fact]
    public void A_system_can_start_while_others_run()
    {
        using var world = new World();
        var heard = new List<object>();
        world.After(TimeSpan.FromSeconds(1), () =>
            System(world).ActorOf(Say.Props((message, _) => heard.Add(message))).Tell("up"));

        world.Advance(TimeSpan.FromSeconds(1));

        heard.ShouldBe(["up"]);
    }

    [Fact]
    public void A_system_terminates_in_the_worlds_time()
    {
        using var world = new World();
        var system = System(world);
        world.Settle();
        var ended = system.WhenTerminated;

        world.Run(() =>
        {
            _ = system.Terminate();
            return Task.CompletedTask;
        });
        world.Advance(TimeSpan.FromSeconds(5));

        ended.IsCompletedSuccessfully.ShouldBeTrue();
    }

    [Fact]
    public void Asynchronous_code_runs_to_its_end_and_its_exception_comes_out()
    {
        using var world = new World();
        var echo = System(world).ActorOf(Say.Props((message, context) => context.Sender.Tell(message)));
        var answer = 0;

        Should.Throw<FormatException>(() => world.Run(async () =>
        {
            await Task.Yield();
            answer = await echo.Ask<int>(42);
            throw new FormatException();
        }));

        answer.ShouldBe(42);
    }

    [Fact]
    public void Code_that_waits_for_what_does_not_come_is_refused()
    {
        using var world = new World(77);

        Should.Throw<InvalidOperationException>(() => world.Run(() => new TaskCompletionSource().Task)).Message.ShouldContain("seed 77");
    }

    [Fact]
    public void Work_without_end_is_refused()
    {
        using var world = new World(77) { MaxSteps = 1000 };
        var actor = System(world).ActorOf(Say.Props((message, context) => context.Self.Tell(message)));
        actor.Tell("again");

        Should.Throw<InvalidOperationException>(world.Settle).Message.ShouldContain("seed 77");
    }

    [Fact]
    public void What_it_runs_cannot_run_it()
    {
        using var world = new World();
        Exception? refusal = null;
        System(world).ActorOf(Say.Props((_, _) => refusal = Record.Exception(world.Settle))).Tell("go");

        world.Settle();

        refusal.ShouldBeOfType<InvalidOperationException>();
    }

    private static ActorSystem System(World world) => new WorldProcess(world, "n").CreateSystem("s");
}

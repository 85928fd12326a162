using Verb.TestKit;
using Verb.TestKit.Dispatching;

namespace Verb.Actors.Tests.TestKit;

public sealed class SeededDispatcherTests
{
    [Fact]
    public void Everything_runs_once_on_the_calling_thread_in_the_seeds_order()
    {
        var first = Order(seed: 1);
        first.Order().ShouldBe(Enumerable.Range(0, 50));
        Order(seed: 1).ShouldBe(first);
        Order(seed: 2).ShouldNotBe(first);
    }

    [Fact]
    public void What_it_runs_cannot_run_it()
    {
        var dispatcher = new SeededDispatcher(1);
        Exception? refusal = null;
        dispatcher.Schedule(new Item(() => refusal = Record.Exception(dispatcher.RunUntilIdle)));

        dispatcher.RunUntilIdle();

        refusal.ShouldBeOfType<InvalidOperationException>();
        dispatcher.IsIdle.ShouldBeTrue();
    }

    [Fact]
    public void Asynchronous_code_runs_to_its_end_and_its_exception_comes_out()
    {
        var dispatcher = new SeededDispatcher(1);
        var steps = 0;

        Should.Throw<FormatException>(() => dispatcher.Run(async () =>
        {
            await Task.Yield();
            steps++;
            throw new FormatException();
        }));

        steps.ShouldBe(1);
    }

    [Fact]
    public void Code_that_waits_for_what_does_not_come_is_refused()
    {
        var dispatcher = new SeededDispatcher(77);

        Should.Throw<InvalidOperationException>(() => dispatcher.Run(() => new TaskCompletionSource().Task)).Message.ShouldContain("seed 77");
    }

    [Fact]
    public void Advancing_a_system_settles_at_every_due_timer()
    {
        using var system = new TestSystem();
        var steps = new List<double>();

        system.Run(() =>
        {
            _ = Wait();
            return Task.CompletedTask;
        });
        system.Advance(TimeSpan.FromSeconds(10));

        steps.ShouldBe([1, 2, 3]);

        async Task Wait()
        {
            for (var i = 0; i < 3; i++)
            {
                await Task.Delay(TimeSpan.FromSeconds(1), system.Clock);
                steps.Add(system.Clock.GetElapsedTime(0).TotalSeconds);
            }
        }
    }

    private static List<int> Order(int seed)
    {
        var dispatcher = new SeededDispatcher(seed);
        var order = new List<int>();
        for (var i = 0; i < 50; i++)
        {
            var number = i;
            dispatcher.Schedule(new Item(() => order.Add(number)));
        }

        dispatcher.RunUntilIdle();
        return order;
    }

    private sealed class Item(Action action) : IThreadPoolWorkItem
    {
        public void Execute() => action();
    }
}

using Akka.Actor;
using Verb.Actors.Nodes;
using Verb.TestKit.Dispatching;
using Verb.TestKit.Probes;
using Verb.TestKit.Time;

namespace Verb.TestKit;

/// <summary>An actor system on one thread, with a clock that moves only when told. The same seed and the same calls give the same run.</summary>
public sealed class TestSystem : IAsyncDisposable, IDisposable
{
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    /// <summary>A new system; without a seed always the same run.</summary>
    public TestSystem(int seed = 1, IActorObserver? observer = null)
    {
        Dispatcher = new SeededDispatcher(seed);
        Random = new Random(seed ^ 0x5EED);
        Hub = new HubSystem(PumpDispatcher.Start("test", Dispatcher.Tasks, Clock), Clock, Random, observer);
        Settle();
    }

    /// <summary>What the order of everything is drawn from.</summary>
    public int Seed => Dispatcher.Seed;

    /// <summary>The system under test.</summary>
    public ActorSystem System => Hub.Actors;

    /// <summary>Its clock.</summary>
    public ManualClock Clock { get; } = new();

    /// <summary>Its dispatcher.</summary>
    public SeededDispatcher Dispatcher { get; }

    /// <summary>Its randomness, apart from the order of things.</summary>
    public Random Random { get; }

    internal HubSystem Hub { get; }

    /// <summary>The name, or one like it where it is taken.</summary>
    internal string Fresh(string name)
    {
        var fresh = name;
        for (var i = 2; !_names.Add(fresh); i++)
            fresh = $"{name}-{i}";
        return fresh;
    }

    /// <summary>Starts a further system on the same thread and the same clock.</summary>
    internal HubSystem Start(string name)
    {
        var hub = new HubSystem(PumpDispatcher.Start(name, Dispatcher.Tasks, Clock), Clock, Random);
        Settle();
        return hub;
    }

    /// <summary>Starts a top-level actor.</summary>
    public IActorRef Spawn(Props props, string name) => System.ActorOf(props, name);

    /// <summary>Starts a probe.</summary>
    public Probe<T> Probe<T>(string name = "probe")
        where T : notnull => new(this, name);

    /// <summary>Runs until nothing is left to do without the clock moving: messages, and what completed tasks continue with.</summary>
    public void Settle() => Dispatcher.RunUntilIdle();

    /// <summary>Settles, then moves the clock, settling at each due timer and at the end.</summary>
    public void Advance(TimeSpan time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.Zero);
        Settle();
        var start = Clock.GetTimestamp();
        while (Clock.UntilNextTimer is { } wait && Clock.GetElapsedTime(start) + wait <= time)
        {
            Clock.Advance(wait);
            Settle();
        }

        Clock.Advance(time - Clock.GetElapsedTime(start));
        Settle();
    }

    /// <summary>Runs asynchronous code among the actors until all is idle; it must have completed then.</summary>
    public void Run(Func<Task> code) => Dispatcher.Run(code);

    /// <summary>Stops all actors. One whose work never completes is left behind.</summary>
    public void Dispose()
    {
        var ending = Dispatcher.Tasks.Now(() => Hub.DisposeAsync().AsTask());
        Settle();
        if (ending.IsCompleted)
            ending.GetAwaiter().GetResult();
    }

    /// <inheritdoc cref="Dispose"/>
    public ValueTask DisposeAsync()
    {
        Dispose();
        return default;
    }
}

using Akka.Actor;
using Akka.Actor.Internal;
using Akka.Configuration;
using Verb.TestKit.Worlds;

namespace Verb.TestKit.Xunit;

/// <summary>
/// Akka's test kit on one thread, in a time that moves only when told. What a test tells has run, with all that comes of it, when the call returns: so
/// <c>ExpectMsg</c>, <c>ExpectNoMsg</c>, <c>FishForMessage</c>, <c>ExpectTerminated</c> and <c>EventFilter</c> never wait, and <c>ExpectNoMsg</c> is
/// exact.
/// </summary>
/// <remarks>
/// What does not follow is what polls the real clock: <c>AwaitAssert</c> and <c>AwaitCondition</c> pass at once or not at all, and a probe's own
/// <c>Within</c> measures real time; use the kit's.
/// </remarks>
public class VerbTestKit : Akka.TestKit.Xunit2.TestKit
{
    [ThreadStatic]
    private static WorldProcess? _made;

    /// <summary>A kit with a system of its own; without a seed always the same run.</summary>
    /// <param name="seed">What the order of things is drawn from.</param>
    /// <param name="config">The system's configuration, before that of the kit.</param>
    public VerbTestKit(int seed = 1, Config? config = null)
        : base(Start(seed, config)) => (Process, _made) = (_made!, null);

    /// <summary>Where everything runs.</summary>
    public World World => Process.World;

    /// <summary>The process in which the system runs.</summary>
    public WorldProcess Process { get; }

    /// <summary>The process's clock.</summary>
    public WorldClock Clock => Process.Clock;

    /// <summary>Moves time from timer to timer, with all that comes of each.</summary>
    /// <exception cref="WorldEscapeException">Something ran outside of the world.</exception>
    public void Advance(TimeSpan time) => World.Advance(time);

    /// <summary>Runs until nothing is left to do without time moving, which is rarely needed here.</summary>
    /// <exception cref="WorldEscapeException">Something ran outside of the world.</exception>
    public void Settle() => World.Settle();

    /// <summary>What is told in here is all under way before anything of it runs: the seed decides who is first.</summary>
    /// <exception cref="WorldEscapeException">Something ran outside of the world.</exception>
    public void Together(Action action) => World.Together(action);

    /// <summary>Fails where time moves on by more than <paramref name="max"/> in the block.</summary>
    public void Within(TimeSpan max, Action action) => Within(TimeSpan.Zero, max, action);

    /// <summary>Fails where time moves on by less than <paramref name="min"/> or more than <paramref name="max"/> in the block.</summary>
    public void Within(TimeSpan min, TimeSpan max, Action action)
    {
        ArgumentNullException.ThrowIfNull(action);
        Within(min, max, () =>
        {
            action();
            return true;
        });
    }

    /// <inheritdoc cref="Within(TimeSpan, Action)"/>
    public T Within<T>(TimeSpan max, Func<T> function) => Within(TimeSpan.Zero, max, function);

    /// <inheritdoc cref="Within(TimeSpan, TimeSpan, Action)"/>
    public T Within<T>(TimeSpan min, TimeSpan max, Func<T> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        var start = World.Now;
        var result = function();
        Check(World.Now - start, min, max);
        return result;
    }

    /// <inheritdoc cref="Within(TimeSpan, Action)"/>
    public Task WithinAsync(TimeSpan max, Func<Task> action) => WithinAsync(TimeSpan.Zero, max, action);

    /// <inheritdoc cref="Within(TimeSpan, TimeSpan, Action)"/>
    public async Task WithinAsync(TimeSpan min, TimeSpan max, Func<Task> action)
    {
        ArgumentNullException.ThrowIfNull(action);
        var start = World.Now;
        await action();
        Check(World.Now - start, min, max);
    }

    /// <inheritdoc cref="Within(TimeSpan, Action)"/>
    public Task<T> WithinAsync<T>(TimeSpan max, Func<Task<T>> function) => WithinAsync(TimeSpan.Zero, max, function);

    /// <inheritdoc cref="Within(TimeSpan, TimeSpan, Action)"/>
    public async Task<T> WithinAsync<T>(TimeSpan min, TimeSpan max, Func<Task<T>> function)
    {
        ArgumentNullException.ThrowIfNull(function);
        var start = World.Now;
        var result = await function();
        Check(World.Now - start, min, max);
        return result;
    }

    /// <summary>Nothing to wait for: the system holds no thread and no timer, and is dropped with its world.</summary>
    public override void Shutdown(TimeSpan? duration = null, bool verifySystemShutdown = false)
    {
    }

    /// <summary>Drops the system.</summary>
    /// <exception cref="WorldEscapeException">Something ran outside of the world.</exception>
    protected override void Dispose(bool disposing)
    {
        try
        {
            base.Dispose(disposing);
        }
        finally
        {
            // The base makes its test actor the sender of whatever this thread tells, and leaves it so.
            InternalCurrentActorCellKeeper.Current = null;
            World.Dispose();
        }
    }

    private static ActorSystem Start(int seed, Config? config)
    {
        _made = new WorldProcess(new World(seed) { IsEager = true }, "test");
        return _made.CreateSystem("test", config is null ? KitConfig.Config : config.WithFallback(KitConfig.Config));
    }

    private void Check(TimeSpan took, TimeSpan min, TimeSpan max) =>
        Assertions.AssertTrue(took >= min && took <= max, "The block took {0}, not between {1} and {2} (seed {3}).", took, min, max, World.Seed);
}

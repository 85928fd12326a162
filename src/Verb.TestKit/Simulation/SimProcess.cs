using Verb.TestKit.Dispatching;

namespace Verb.TestKit.Simulation;

/// <summary>
/// One process of the operating system: what runs in it stops while it is frozen, and goes on where it was when it thaws, with old beliefs
/// and late timers; when it is killed nothing of it ever runs again.
/// </summary>
internal sealed class SimProcess : IPump
{
    private readonly List<Task> _held = [];
    private readonly List<Action> _whenEnded = [];

    /// <summary>Starts a process.</summary>
    /// <param name="world">Where it runs.</param>
    /// <param name="name">What it is called.</param>
    /// <param name="skew">How far its calendar is off; what it measures is right.</param>
    public SimProcess(SimWorld world, string name, TimeSpan skew = default)
    {
        World = world;
        Name = name;
        Clock = new SimClock(world, this, skew);
        Tasks = new PumpTasks(this);
        Random = new Random(world.Random.Next());
    }

    /// <summary>Where it runs.</summary>
    public SimWorld World { get; }

    /// <summary>What it is called.</summary>
    public string Name { get; }

    /// <summary>Its clock.</summary>
    public SimClock Clock { get; }

    /// <summary>Its randomness.</summary>
    public Random Random { get; }

    /// <summary>Whether it is stopped for a while.</summary>
    public bool IsFrozen { get; private set; }

    /// <summary>Whether it is gone.</summary>
    public bool IsKilled { get; private set; }

    /// <summary>Whether it runs.</summary>
    public bool IsRunning => !IsFrozen && !IsKilled;

    internal PumpTasks Tasks { get; }

    /// <summary>Runs something in the process, soon.</summary>
    public void Post(Action action) => Tasks.Post(static run => ((Action)run!)(), action);

    /// <summary>Runs asynchronous code in the process. An exception that it does not catch is given to <paramref name="failed"/>.</summary>
    public void Run(Func<Task> code, Action<Exception> failed) => Post(() => _ = Guard(code, failed));

    /// <summary>Called when the process is killed: what the operating system does for it then.</summary>
    public void WhenKilled(Action action) => _whenEnded.Add(action);

    /// <summary>Stops it.</summary>
    public void Freeze() => IsFrozen = !IsKilled;

    /// <summary>Lets it go on.</summary>
    public void Thaw()
    {
        if (!IsFrozen)
            return;
        IsFrozen = false;
        foreach (var task in _held)
            World.Ready(this, task);
        _held.Clear();
    }

    /// <summary>Ends it without a word.</summary>
    public void Kill()
    {
        if (IsKilled)
            return;
        (IsKilled, IsFrozen) = (true, false);
        _held.Clear();
        foreach (var action in _whenEnded)
            action();
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <inheritdoc/>
    void IPump.Ready(Task task) => World.Ready(this, task);

    /// <summary>Whether a piece of work is to run now.</summary>
    internal bool Takes(Task task)
    {
        if (IsFrozen)
            _held.Add(task);
        return IsRunning;
    }

    private static async Task Guard(Func<Task> code, Action<Exception> failed)
    {
        try
        {
            await code();
        }
        catch (Exception exception)
        {
            failed(exception);
        }
    }
}

using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Verb.Actors.Sharding;

namespace Verb.TestKit.Worlds;

/// <summary>
/// One process of the operating system: what runs in it stops while it is frozen, and goes on where it was when it thaws, with old beliefs and late
/// timers; when it is killed nothing of it ever runs again.
/// </summary>
public sealed class WorldProcess
{
    private readonly List<Work> _held = [];
    private readonly List<Action> _whenKilled = [];

    /// <summary>Starts a process.</summary>
    /// <param name="world">Where it runs.</param>
    /// <param name="name">What it is called. One that starts again under a name is another, with another order and randomness.</param>
    /// <param name="skew">How far its calendar is off; what it measures is right.</param>
    public WorldProcess(World world, string name, TimeSpan skew = default)
    {
        ArgumentNullException.ThrowIfNull(world);
        ArgumentException.ThrowIfNullOrEmpty(name);
        (World, Name) = (world, name);
        Key = StableHash.Of($"{name}/{world.Register(this)}");
        Clock = new WorldClock(this, skew);
        Random = new Random((int)StableHash.Mix(Key ^ (ulong)world.Seed));
        Keys = new ActorKeys(this);
        Tasks = new WorldTasks(world, this);
    }

    /// <summary>Where it runs.</summary>
    public World World { get; }

    /// <summary>What it is called.</summary>
    public string Name { get; }

    /// <summary>Its clock.</summary>
    public WorldClock Clock { get; }

    /// <summary>Its randomness, drawn from the seed and its name.</summary>
    public Random Random { get; }

    /// <summary>Whether it is stopped for a while.</summary>
    public bool IsFrozen { get; private set; }

    /// <summary>Whether it is gone.</summary>
    public bool IsKilled { get; private set; }

    internal ulong Key { get; }

    internal ActorKeys Keys { get; }

    internal WorldTasks Tasks { get; }

    /// <summary>
    /// Starts an actor system in the process: all of it runs on the world's thread and in its time. It need not be terminated; it holds no thread and no
    /// timer of the machine, and is collected when nothing refers to it.
    /// </summary>
    /// <param name="name">Its name.</param>
    /// <param name="config">Its configuration, before that of the world and Akka's own.</param>
    /// <param name="setups">More setups. A <see cref="BootstrapSetup"/> among them would replace the configuration.</param>
    /// <exception cref="InvalidOperationException">The process is killed.</exception>
    public ActorSystem CreateSystem(string name, Config? config = null, params Setup[] setups)
    {
        ArgumentNullException.ThrowIfNull(setups);
        if (IsKilled)
            throw new InvalidOperationException($"{Name} is killed.");
        var setup = BootstrapSetup.Create()
            .WithConfig(config is null ? WorldConfig.Config : config.WithFallback(WorldConfig.Config))
            .And(new WorldSetup(this));
        foreach (var more in setups)
            setup = setup.And(more);
        var before = WorldScheduler.Creating(this);
        try
        {
            return World.Inside(Tasks, () => ActorSystem.Create(name, setup));
        }
        finally
        {
            WorldScheduler.Creating(before);
        }
    }

    /// <summary>Does something in the process as one of its next steps: among its actors, so that awaits go on there.</summary>
    public void Post(Action action)
    {
        ArgumentNullException.ThrowIfNull(action);
        World.Post(Tasks.WorkOf(action, WorkKind.Action));
    }

    /// <summary>Does something later, as an answer of the network or a disk comes: late if the process is frozen then, never if it is killed.</summary>
    public void After(TimeSpan delay, Action action)
    {
        ArgumentNullException.ThrowIfNull(action);
        World.Set(new ActionTimer(this, action), delay);
    }

    /// <summary>Called when the process is killed: what the operating system does for it then.</summary>
    public void WhenKilled(Action action) => _whenKilled.Add(action);

    /// <summary>Stops it. The step that it is in, if any, ends.</summary>
    public void Freeze() => IsFrozen = !IsKilled;

    /// <summary>Lets it go on.</summary>
    public void Thaw()
    {
        if (!IsFrozen)
            return;
        IsFrozen = false;
        Work[] held = [.. _held];
        _held.Clear();
        World.Post(held);
    }

    /// <summary>Ends it without a word.</summary>
    public void Kill()
    {
        if (IsKilled)
            return;
        (IsKilled, IsFrozen) = (true, false);
        _held.Clear();
        World.Unregister(this);
        foreach (var action in _whenKilled)
            action();
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>Whether a step is to run now; a frozen process keeps it.</summary>
    internal bool Takes(in Work work)
    {
        if (IsFrozen)
            _held.Add(work);
        return !IsFrozen && !IsKilled;
    }
}

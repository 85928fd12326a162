namespace Verb.TestKit.Worlds;

/// <summary>What is to happen at a time, once or again and again.</summary>
/// <param name="process">In which process; none for the world's own.</param>
/// <param name="period">Ticks from one time to the next; zero for once.</param>
internal abstract class WorldTimer(WorldProcess? process, long period)
{
    public WorldProcess? Process => process;

    /// <summary>When it is due, in ticks since the start.</summary>
    public long Due { get; set; }

    /// <summary>What its place among other steps is drawn from, where it has to queue with them.</summary>
    public ulong Key { get; set; }

    /// <summary>Whether it will not fire any more.</summary>
    public bool IsDead => process is { IsKilled: true } || IsCancelled;

    protected abstract bool IsCancelled { get; }

    /// <summary>Fires, unless it was cancelled meanwhile. One that comes late does not make up for what it missed.</summary>
    public void Run(World world)
    {
        if (IsDead)
            return;
        if (period > 0)
            world.Timers.Add(this, Due + period > world.Ticks ? Due + period : world.Ticks + period);
        Fire();
    }

    protected abstract void Fire();
}

using Verb.Actors.Sharding;

namespace Verb.TestKit.Worlds;

/// <summary>The task scheduler that is current while the actors of one process run: awaits in them go on as steps of that process.</summary>
/// <param name="world">Where the steps run.</param>
/// <param name="process">Whose steps they are; none for the world's own.</param>
internal sealed class WorldTasks(World world, WorldProcess? process) : TaskScheduler
{
    private readonly ulong _key = StableHash.Add(process?.Key ?? StableHash.Basis, "tasks");
    private ulong _count;
    private Task? _own;

    public World World => world;

    /// <summary>A key for work that belongs to no actor, in the order in which it comes up.</summary>
    public ulong NextKey() => _key + (++_count * World.Golden);

    /// <summary>Runs a row of steps in one task, for a task of its own at each would cost as much as the step.</summary>
    public void RunRow()
    {
        var row = new Task(static tasks => ((WorldTasks)tasks!).World.RunSteps((WorldTasks)tasks), this, TaskCreationOptions.DenyChildAttach);
        RunOwn(row);
        row.GetAwaiter().GetResult();
    }

    /// <summary>Runs code with this scheduler current, at once.</summary>
    public T Run<T>(Func<T> code)
    {
        var task = new Task<T>(code, TaskCreationOptions.DenyChildAttach);
        RunOwn(task);
        return task.GetAwaiter().GetResult();
    }

    public void Execute(Task task) => TryExecuteTask(task);

    public Work WorkOf(Action action, WorkKind kind) => new(action, process, NextKey(), kind);

    protected override IEnumerable<Task> GetScheduledTasks() => [];

    protected override void QueueTask(Task task)
    {
        if (world.IsOnItsThread(completes: true))
            world.Add(new Work(task, process, NextKey(), WorkKind.Task));
        else
            world.Escaped("A task");
    }

    // The platform asks this of continuations, too, and outside of this scheduler's tasks only on threads of the pool: on those a seed would give
    // another run.
    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        (task == _own || Current == this) && TryExecuteTask(task);

    private void RunOwn(Task task)
    {
        _own = task;
        task.RunSynchronously(this);
    }
}

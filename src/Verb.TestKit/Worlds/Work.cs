using Akka.Dispatch;

namespace Verb.TestKit.Worlds;

/// <summary>One step that is ready to run.</summary>
/// <param name="item">What runs, by its kind.</param>
/// <param name="process">Where it runs; none for the world's own.</param>
/// <param name="key">What its place in the order is drawn from; it keeps it while its process is frozen.</param>
/// <param name="kind">What <paramref name="item"/> is.</param>
internal readonly struct Work(object item, WorldProcess? process, ulong key, WorkKind kind)
{
    public WorldProcess? Process => process;

    public ulong Key => key;

    /// <summary>Whether it runs where no task scheduler is current, so that continuations which capture none run inline.</summary>
    public bool IsNeutral => kind >= WorkKind.Neutral;

    public void Run(WorldTasks tasks)
    {
        switch (kind)
        {
            case WorkKind.Runnable:
                ((IRunnable)item).Run();
                break;
            case WorkKind.Task:
                tasks.Execute((Task)item);
                break;
            case WorkKind.Timer:
                ((WorldTimer)item).Run(tasks.World);
                break;
            default:
                ((Action)item)();
                break;
        }
    }
}

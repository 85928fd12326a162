namespace Verb.Actors.Kernel;

/// <summary>What the kernel tells a cell. It goes before all ordinary messages and has no bound.</summary>
internal abstract class SystemMessage
{
    private SystemMessage()
    {
    }

    public SystemMessage? Next { get; set; }

    /// <summary>From a list with the newest first to one with the oldest first.</summary>
    public static SystemMessage? Reverse(SystemMessage? newest)
    {
        SystemMessage? oldest = null;
        while (newest is not null)
            (newest.Next, oldest, newest) = (oldest, newest, newest.Next);
        return oldest;
    }

    public sealed class Stop : SystemMessage;

    /// <summary>The parent has been told to go on, so the child that escalated to it goes on.</summary>
    public sealed class Resume : SystemMessage;

    public sealed class Watch(ActorCell watcher) : SystemMessage
    {
        public ActorCell Watcher { get; } = watcher;
    }

    public sealed class Unwatch(ActorCell watcher) : SystemMessage
    {
        public ActorCell Watcher { get; } = watcher;
    }

    public sealed class ChildEnded(ActorCell child) : SystemMessage
    {
        public ActorCell Child { get; } = child;
    }

    public sealed class Escalated(ActorCell child, Exception cause) : SystemMessage
    {
        public ActorCell Child { get; } = child;

        public Exception Cause { get; } = cause;
    }

    public sealed class AwaitEnd(TaskCompletionSource ended) : SystemMessage
    {
        public TaskCompletionSource Ended { get; } = ended;
    }
}

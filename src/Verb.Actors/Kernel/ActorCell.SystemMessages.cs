namespace Verb.Actors.Kernel;

internal abstract partial class ActorCell
{
    public void Watch(IActorRef actor)
    {
        var watched = Of(actor);
        if ((Own().Watching ??= []).Add(watched))
            watched.Post(new SystemMessage.Watch(this));
    }

    public void Unwatch(IActorRef actor)
    {
        var watched = Of(actor);
        if (Belongings?.Watching?.Remove(watched) == true)
            watched.Post(new SystemMessage.Unwatch(this));
    }

    protected ActorCell<T> SpawnChild<T>(Props<T> props, string childName)
    {
        if (Phase is not (Phase.Starting or Phase.Running))
            throw new InvalidOperationException($"{Path} is stopping and starts no more children.");
        var child = new ActorCell<T>(System, this, props, childName);
        Own().Children.Add(child);
        System.ActorStarted();
        System.Dispatcher.Schedule(child);
        return child;
    }

    private void Handle(SystemMessage message)
    {
        switch (message)
        {
            case SystemMessage.Stop:
                BeginStop();
                break;
            case SystemMessage.Resume:
                if (Phase == Phase.Escalated)
                    ResumeEscalated();
                break;
            case SystemMessage.Watch watch:
                (Own().Watchers ??= []).Add(watch.Watcher);
                break;
            case SystemMessage.Unwatch unwatch:
                Belongings?.Watchers?.Remove(unwatch.Watcher);
                break;
            case SystemMessage.ChildEnded ended:
                Belongings!.Children.Remove(ended.Child);
                Belongings.Escalating?.Remove(ended.Child);
                break;
            case SystemMessage.Escalated escalated:
                if (Phase is Phase.Running or Phase.Escalated)
                {
                    (Own().Escalating ??= []).Add(escalated.Child);
                    if (Phase == Phase.Running)
                        Fail(escalated.Cause);
                }

                break;
            case SystemMessage.AwaitEnd await:
                (Own().AwaitingEnd ??= []).Add(await.Ended);
                break;
        }
    }

    private void HandleAfterEnd(SystemMessage message)
    {
        switch (message)
        {
            case SystemMessage.Watch watch:
                watch.Watcher.Post(new Notice.Terminated(this));
                break;
            case SystemMessage.AwaitEnd await:
                await.Ended.TrySetResult();
                break;
        }
    }

    private void ResumeEscalating()
    {
        if (Belongings?.Escalating is not { } escalating)
            return;
        Belongings.Escalating = null;
        foreach (var child in escalating)
            child.Post(new SystemMessage.Resume());
    }

    private void UnwatchAll(Belongings belongings)
    {
        if (belongings.Watching is not { } watching)
            return;
        belongings.Watching = null;
        foreach (var watched in watching)
            watched.Post(new SystemMessage.Unwatch(this));
    }

    private void CancelTimers(Belongings belongings)
    {
        foreach (var timer in belongings.Timers?.Values ?? Enumerable.Empty<KeyedTimer>())
            System.Timers.Cancel(timer);
        belongings.Timers = null;
        if (belongings.ReceiveTimeout is { } timeout)
            System.Timers.Cancel(timeout);
        belongings.ReceiveTimeout = null;
    }
}

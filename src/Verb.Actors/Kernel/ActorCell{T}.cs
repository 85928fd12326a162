namespace Verb.Actors.Kernel;

/// <summary>An actor with its mailbox: what its address, its context and the dispatcher's work item all are, in one object.</summary>
internal sealed partial class ActorCell<TMessage>(ActorSystem system, ActorCell? parent, Props<TMessage> props, string name)
    : ActorCell(system, parent, name), IActorRef<TMessage>, IActorContext<TMessage>
{
    private Actor<TMessage>? _actor;

    protected override SupervisorStrategy Supervisor => props.Supervisor;

    protected override ValueTask Create(Exception? restartCause)
    {
        _actor = props.Factory();
        _actor.Context = this;
        if (restartCause is not null)
            _actor.OnRestart(restartCause);
        return _actor.OnStart();
    }

    protected override async ValueTask Destroy()
    {
        var actor = _actor;
        _actor = null;
        if (actor is not null)
            await actor.OnStop();
    }

    protected override ValueTask EndBatch() => _actor?.OnBatchEnd() ?? default;

    protected override bool ReceiveBatch()
    {
        var left = props.Mailbox.BatchSize;
        while (true)
        {
            while (left > 0 && !SystemMessageWaits)
            {
                if (_waiting is not null)
                    AdmitWaiting();
                if (Belongings is { } belongings && belongings.Notices.Take(_queue.Position) is { } notice)
                {
                    left--;
                    if (!Finish(() => Receive(notice), Step.Receive))
                        return false;
                }
                else if (_queue.TryTake(out var message))
                {
                    left--;
                    if (!Receive(message))
                        return false;
                }
                else if (!Refill())
                {
                    break;
                }

                if (Phase != Phase.Running)
                    return true;
            }

            if (SystemMessageWaits)
                return true;
            if (BatchIsOpen && !Finish(EndBatch, Step.BatchEnd))
                return false;
            if (Phase != Phase.Running)
                return true;
            if (Rest())
                return false;
            if (left > 0)
                continue;
            System.Dispatcher.Schedule(this);
            return false;
        }
    }

    private bool Receive(TMessage message)
    {
        BatchIsOpen = true;
        if (Belongings is { ReceiveTimeout: not null } belongings)
            belongings.LastReceived = Clock.GetTimestamp();
        ValueTask task;
        try
        {
            task = _actor!.OnReceive(message);
        }
        catch (Exception exception)
        {
            Fail(exception);
            return true;
        }

        return Finish(task, Step.Receive);
    }

    private ValueTask Receive(Notice notice)
    {
        switch (notice)
        {
            case Notice.Terminated terminated when Belongings!.Watching?.Remove(terminated.Actor) == true:
                BatchIsOpen = true;
                return _actor!.OnTerminated(terminated.Actor);
            case KeyedTimer<TMessage> timer when Fires(timer):
                BatchIsOpen = true;
                return _actor!.OnReceive(timer.Message);
            default:
                return default;
        }
    }
}

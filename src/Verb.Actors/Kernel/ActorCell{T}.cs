namespace Verb.Actors.Kernel;

/// <summary>An actor with its mailbox: what its address, its context and the dispatcher's work item all are, in one object.</summary>
internal sealed partial class ActorCell<TMessage>(ActorSystem system, ActorCell? parent, Props<TMessage> props, string name)
    : ActorCell(system, parent, name), IActorRef<TMessage>, IActorContext<TMessage>
{
    private Actor<TMessage>? _actor;

    protected override SupervisorStrategy Supervisor => props.Supervisor;

    protected override void TellEnded() => props.Ended?.Invoke(this);

    protected override ValueTask Call(Step step)
    {
        switch (step)
        {
            case Step.Start:
                return Start(Belongings?.Cause);
            case Step.BatchEnd:
                return _actor?.OnBatchEnd() ?? default;
            default:
                var actor = _actor;
                _actor = null;
                return actor?.OnStop() ?? default;
        }
    }

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
                    if (!Receive(notice))
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
            if (BatchIsOpen && !Run(Step.BatchEnd))
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

    private ValueTask Start(Exception? restartCause)
    {
        _actor = props.Factory();
        _actor.Context = this;
        if (restartCause is not null)
            _actor.OnRestart(restartCause);
        return _actor.OnStart();
    }

    private bool Receive(TMessage message)
    {
        if (Belongings is { ReceiveTimeout: not null } belongings)
            belongings.LastReceived = Clock.GetTimestamp();
        return Handle(message);
    }

    private bool Receive(Notice notice) => notice switch
    {
        Notice.Terminated terminated => Belongings!.Watching?.Remove(terminated.Actor) != true || Hear(terminated.Actor),
        KeyedTimer<TMessage> timer => !Fires(timer) || Handle(timer.Message),
        _ => true,
    };

    private bool Handle(TMessage message)
    {
        BatchIsOpen = true;
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

    private bool Hear(IActorRef terminated)
    {
        BatchIsOpen = true;
        ValueTask task;
        try
        {
            task = _actor!.OnTerminated(terminated);
        }
        catch (Exception exception)
        {
            Fail(exception);
            return true;
        }

        return Finish(task, Step.Receive);
    }
}

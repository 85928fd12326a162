namespace Verb.Actors.Kernel;

internal abstract partial class ActorCell
{
    public void Stop() => Post(new SystemMessage.Stop());

    /// <summary>Calls the actor's own code for a step other than receiving.</summary>
    protected abstract ValueTask Call(Step step);

    /// <summary>Tells whoever started the actor that it has ended.</summary>
    protected abstract void TellEnded();

    /// <summary>Whether code of the actor ran since its last <see cref="Step.BatchEnd"/>.</summary>
    protected bool BatchIsOpen { get; set; }

    /// <summary>Runs a step. After false the cell is suspended and its turn over.</summary>
    protected bool Run(Step step)
    {
        ValueTask task;
        try
        {
            task = Call(step);
        }
        catch (Exception exception)
        {
            Ended(step, exception);
            return true;
        }

        return Finish(task, step);
    }

    protected void Fail(Exception exception)
    {
        var directive = Phase == Phase.Stopping ? Directive.Stop : Judge(exception);
        System.Failed(this, exception, directive);
        if (Phase == Phase.Stopping)
            return;
        switch (directive)
        {
            case Directive.Resume:
                ResumeEscalating();
                break;
            case Directive.Restart:
                BeginRestart(exception);
                break;
            case Directive.Stop:
                BatchIsOpen = false;
                BeginStop();
                break;
            default:
                Own().FailedToStart = Phase == Phase.Starting ? exception : null;
                Phase = Phase.Escalated;
                Parent!.Post(new SystemMessage.Escalated(this, exception));
                break;
        }
    }

    private Directive Judge(Exception exception)
    {
        var strategy = Parent?.Supervisor ?? System.Options.RootStrategy;
        Directive directive;
        try
        {
            directive = strategy.Decide(exception);
        }
        catch (Exception undecided)
        {
            System.Failed(this, undecided, Directive.Stop);
            return Directive.Stop;
        }

        if (directive == Directive.Resume && Phase == Phase.Starting)
            directive = Directive.Restart;
        return directive switch
        {
            Directive.Restart when !MayRestart(strategy) => Directive.Stop,
            Directive.Escalate when Parent is null => Directive.Stop,
            _ => directive,
        };
    }

    private bool MayRestart(SupervisorStrategy strategy) => (Own().Restarts ??= new RestartHistory()).Allows(strategy, System.Clock);

    /// <summary>Goes on after an escalation; one whose start failed has nothing to go on with.</summary>
    private void ResumeEscalated()
    {
        if (Belongings?.FailedToStart is not { } cause)
        {
            Phase = Phase.Running;
            ResumeEscalating();
        }
        else if (MayRestart(Parent!.Supervisor))
        {
            BeginRestart(cause);
        }
        else
        {
            BeginStop();
        }
    }

    private void BeginRestart(Exception cause)
    {
        BatchIsOpen = false;
        Own().Cause = cause;
        Phase = Phase.Restarting;
        LetGo();
    }

    private bool Start()
    {
        BatchIsOpen = true;
        return Run(Step.Start);
    }

    private void Ended(Step step, Exception? failure)
    {
        switch (step)
        {
            case Step.Start when failure is null:
                Phase = Phase.Running;
                break;
            case Step.BatchEnd:
                BatchIsOpen = false;
                break;
            case Step.Stop:
                if (failure is not null)
                    System.Failed(this, failure, Phase == Phase.Stopping ? Directive.Stop : Directive.Restart);
                // What OnStop may have started.
                LetGo();
                if (Phase == Phase.Stopping)
                    End();
                else
                    Phase = Phase.Starting;
                return;
        }

        if (failure is not null)
            Fail(failure);
    }

    private void BeginStop()
    {
        if (Phase is Phase.Stopping or Phase.Ended)
            return;
        if (Phase == Phase.Escalated)
            BatchIsOpen = false;
        Phase = Phase.Stopping;
        LetGo();
        CloseMailbox();
    }

    /// <summary>Ends all that belongs to the instance and not to the address.</summary>
    private void LetGo()
    {
        if (Belongings is not { } belongings)
            return;
        belongings.Escalating = null;
        foreach (var child in belongings.Children)
            child.Stop();
        CancelTimers(belongings);
        UnwatchAll(belongings);
    }

    private bool WindDown()
    {
        if (BatchIsOpen)
            return Run(Step.BatchEnd);
        if (Belongings is { Children.Count: > 0 })
            return !Rest();
        return Run(Step.Stop);
    }

    private void End()
    {
        Phase = Phase.Ended;
        SystemMessage? newest;
        using (Gate.Enter())
        {
            _ended = true;
            newest = _system;
            _system = null;
        }

        System.ActorEnded();
        TellEnded();
        foreach (var watcher in Belongings?.Watchers ?? [])
            watcher.Post(new Notice.Terminated(this));
        if (Parent is null)
            System.TopLevelEnded(this);
        else
            Parent.Post(new SystemMessage.ChildEnded(this));
        foreach (var waiting in Belongings?.AwaitingEnd ?? [])
            waiting.TrySetResult();
        for (var message = SystemMessage.Reverse(newest); message is not null; message = message.Next)
            HandleAfterEnd(message);
    }
}

namespace Verb.Actors.Kernel;

/// <summary>
/// What is the same for actors of all messages: identity, the kernel's own messages, and the loop that runs the cell. A cell is busy from the
/// moment something arrives until it finds, under its lock, that nothing is left; while busy it is with the dispatcher, running or suspended.
/// </summary>
internal abstract partial class ActorCell(ActorSystem system, ActorCell? parent, string name) : IActorRef, IThreadPoolWorkItem
{
    private protected Gate Gate;
    private SystemMessage? _system;
    private bool _busy = true;
    private bool _ended;

    public ActorSystem System { get; } = system;

    public ActorCell? Parent { get; } = parent;

    public string Path => $"{Parent?.Path}/{name}";

    public ActorCell? NextSibling { get; set; }

    public ActorCell? PreviousSibling { get; set; }

    protected Belongings? Belongings { get; private set; }

    protected Phase Phase { get; private set; }

    protected bool SystemMessageWaits => Volatile.Read(ref _system) is not null;

    /// <summary>How this actor treats failing children.</summary>
    protected abstract SupervisorStrategy Supervisor { get; }

    /// <summary>Under the lock: how many messages came since the arrays last swapped.</summary>
    protected abstract int NewMessages { get; }

    /// <summary>On the turn and under the lock.</summary>
    protected abstract bool MailboxIsEmpty { get; }

    public static ActorCell Of(IActorRef actor) =>
        actor as ActorCell ?? throw new ArgumentException($"{actor.Path} is not an actor of this kernel.", nameof(actor));

    public void Execute()
    {
        var dispatcher = System.Dispatcher;
        dispatcher.BeginTurn();
        try
        {
            Run();
        }
        finally
        {
            dispatcher.EndTurn();
        }
    }

    private void Run()
    {
        if (Belongings?.Suspension is { } suspension && suspension.End(out var failure) is var step and not Step.None)
            Ended(step, failure);
        while (Advance())
        {
        }
    }

    /// <summary>For the kernel's messages, from any thread.</summary>
    public void Post(SystemMessage message)
    {
        bool ended, wake = false;
        using (Gate.Enter())
        {
            ended = _ended;
            if (!ended)
            {
                message.Next = _system;
                Volatile.Write(ref _system, message);
                wake = Wake();
            }
        }

        if (ended)
            HandleAfterEnd(message);
        else if (wake)
            System.Dispatcher.Schedule(this);
    }

    /// <summary>For notices, from any thread. Whoever sends one was given reason to on this cell's turn, which made <see cref="Belongings"/>.</summary>
    public void Post(Notice notice)
    {
        bool wake;
        using (Gate.Enter())
        {
            if (_ended || notice is KeyedTimer { Queued: true })
                return;
            if (notice is KeyedTimer timer)
                timer.Queued = true;
            Belongings!.Notices.Add(notice, NewMessages);
            wake = Wake();
        }

        if (wake)
            System.Dispatcher.Schedule(this);
    }

    protected abstract bool ReceiveBatch();

    protected abstract void ShrinkMailbox();

    /// <summary>Refuses what waits and whatever comes from now on.</summary>
    protected abstract void CloseMailbox();

    protected Belongings Own() => Belongings ??= new Belongings();

    /// <summary>Under the lock: whether the caller must schedule the cell once it has let go of the lock.</summary>
    protected bool Wake()
    {
        if (_busy)
            return false;
        return _busy = true;
    }

    /// <summary>Goes idle if nothing is left to do. After true the turn is over.</summary>
    protected bool Rest()
    {
        using (Gate.Enter())
        {
            if (_system is not null || (Phase == Phase.Running && !MailboxIsEmpty))
                return false;
            if (Phase == Phase.Running)
                ShrinkMailbox();
            _busy = false;
            return true;
        }
    }

    /// <summary>Waits for code of the actor. After false the cell is suspended and its turn over.</summary>
    protected bool Finish(ValueTask task, Step step)
    {
        if (!task.IsCompleted)
        {
            (Own().Suspension ??= new Suspension(this)).Begin(task, step);
            return false;
        }

        Exception? failure = null;
        try
        {
            task.GetAwaiter().GetResult();
        }
        catch (Exception exception)
        {
            failure = exception;
        }

        Ended(step, failure);
        return true;
    }

    /// <summary>Does the next thing there is to do. After false the turn is over.</summary>
    private bool Advance()
    {
        if (SystemMessageWaits)
        {
            HandleSystemMessages();
            return true;
        }

        return Phase switch
        {
            Phase.Starting => Start(),
            Phase.Running => ReceiveBatch(),
            Phase.Escalated => !Rest(),
            Phase.Restarting or Phase.Stopping => WindDown(),
            _ => false,
        };
    }

    private void HandleSystemMessages()
    {
        SystemMessage? newest;
        using (Gate.Enter())
        {
            newest = _system;
            _system = null;
        }

        for (var message = SystemMessage.Reverse(newest); message is not null;)
        {
            var next = message.Next;
            message.Next = null;
            Handle(message);
            message = next;
        }
    }
}

using System.Runtime.CompilerServices;
using Akka.Actor;
using Akka.Dispatch;
using Akka.Dispatch.SysMsg;

namespace Verb.TestKit.Worlds;

/// <summary>Gives the mailboxes of a process to its world, one message at a time.</summary>
internal sealed class WorldDispatcher : MessageDispatcher
{
    private readonly WorldProcess _process;
    private readonly World _world;
    private readonly bool _atOnce;

    /// <param name="configurator">Akka's.</param>
    /// <param name="process">Whose mailboxes.</param>
    /// <param name="atOnce">Whether a message is handled where it is told, as the actor of a test probe does.</param>
    public WorldDispatcher(MessageDispatcherConfigurator configurator, WorldProcess process, bool atOnce)
        : base(configurator)
    {
        (_process, _world, _atOnce) = (process, process.World, atOnce);
        Id = "world";

        // A throughput of one alone runs two: Akka counts down to zero and runs that one, too. The deadline ends it after the first.
        (Throughput, ThroughputDeadlineTime) = (1, 0);
        ShutdownTimeout = TimeSpan.FromSeconds(1);
    }

    // An actor that runs already is not given to ExecuteTask again, so each message is looked at here.
    public override void Dispatch(ActorCell cell, Envelope envelope)
    {
        if (Admits(cell, envelope.Message))
            base.Dispatch(cell, envelope);
    }

    public override void SystemDispatch(ActorCell cell, SystemMessage message)
    {
        if (Admits(cell, message))
            base.SystemDispatch(cell, message);
    }

    public override void Detach(ActorCell cell)
    {
        _process.Keys.Forget(cell);
        base.Detach(cell);
    }

    protected override void ExecuteTask(IRunnable run)
    {
        if (_process.IsKilled)
            return;
        var cell = run is Mailbox mailbox ? CellOf(mailbox) : null;
        if (!_world.IsOnItsThread())
            _world.Escaped(cell is null ? "Work for a dispatcher" : $"A run of {cell.Self.Path}");
        else if (_atOnce)
            run.Run();
        else
            _world.Add(new Work(run, _process, cell is null ? _process.Tasks.NextKey() : _process.Keys.Of(cell).NextRun(), WorkKind.Runnable));
    }

    protected override void Shutdown()
    {
    }

    private bool Admits(ActorCell cell, object message)
    {
        if (_process.IsKilled)
            return false;
        if (!_world.IsOnItsThread())
        {
            _world.Escaped($"A {message.GetType().Name} for {cell.Self.Path}");
            return false;
        }

        _world.Trace.Add(_process.Keys.Of(cell), message.GetType());
        return true;
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Actor")]
    private static extern ActorCell CellOf(Mailbox mailbox);
}

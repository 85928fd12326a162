using Akka.Actor;
using Verb.Actors.Timing;

namespace Verb.Actors.Connections;

/// <summary>The timers of one connection, on its actor's turn. They lie with those of all connections, for most of them never fire.</summary>
/// <param name="sweep">The node's timers.</param>
internal sealed class ConnectionTimers(TimerSweep sweep)
{
    private static readonly int Kinds = Enum.GetValues<ConnectionTimer>().Length;

    private SweptTimer?[]? _timers;

    /// <summary>Sets a timer, in the place of an earlier one of its kind.</summary>
    public void Start(IActorRef owner, ConnectionTimer kind, TimeSpan due, TimeSpan period = default)
    {
        Cancel(kind);
        var timer = new SweptTimer(owner, period);
        (_timers ??= new SweptTimer?[Kinds])[(int)kind] = timer;
        sweep.Start(timer, due);
    }

    /// <summary>Ends a timer; one that is not running is no mistake.</summary>
    public void Cancel(ConnectionTimer kind)
    {
        if (_timers?[(int)kind] is not { } timer)
            return;
        _timers[(int)kind] = null;
        sweep.Cancel(timer);
    }

    /// <summary>Ends all.</summary>
    public void CancelAll()
    {
        for (var kind = 0; kind < Kinds; kind++)
            Cancel((ConnectionTimer)kind);
    }

    /// <summary>Which timer is due; null where it was cancelled meanwhile.</summary>
    public ConnectionTimer? Take(SweptTimer timer) => timer.Take() && Array.IndexOf(_timers!, timer) is var kind and >= 0 ? (ConnectionTimer)kind : null;
}

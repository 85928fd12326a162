using Akka.Actor;

namespace Verb.Actors.Timing;

/// <summary>
/// Tells an actor that it was told nothing for a while. Akka.NET's receive timeout sets a timer anew with every message, which a room that is busy
/// cannot afford; this one looks at a timestamp when it is due.
/// </summary>
/// <param name="sweep">The node's timers.</param>
internal sealed class IdleTimer(TimerSweep sweep)
{
    private SweptTimer? _timer;
    private TimeSpan _time;
    private TimeSpan _heard;

    /// <summary>From now on <paramref name="owner"/> is to hear of each time that it was told nothing for so long.</summary>
    public void Start(IActorRef owner, TimeSpan time)
    {
        Stop();
        (_time, _heard) = (time, sweep.Now);
        _timer = new SweptTimer(owner);
        sweep.Start(_timer, time);
    }

    /// <summary>The actor was told something.</summary>
    public void Touch() => _heard = sweep.Now;

    /// <summary>Whether this timer is the idle one and the time is over.</summary>
    public bool IsOver(SweptTimer timer)
    {
        if (!timer.Take() || timer != _timer)
            return false;
        var left = _heard + _time - sweep.Now;
        var isOver = left <= TimeSpan.Zero;
        sweep.Start(timer, isOver ? _time : left);
        return isOver;
    }

    /// <summary>No more: where the actor ends, or starts anew.</summary>
    public void Stop()
    {
        if (_timer is not null)
            sweep.Cancel(_timer);
        _timer = null;
    }
}

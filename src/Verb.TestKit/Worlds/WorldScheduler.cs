using Akka.Actor;
using Akka.Configuration;
using Akka.Event;

namespace Verb.TestKit.Worlds;

/// <summary>Akka's scheduler on the world's timers. It is made by Akka while its process creates a system.</summary>
internal sealed class WorldScheduler : SchedulerBase
{
    private readonly WorldProcess _process;

    // Neither of the constructor's arguments leads to the process, and Akka allows no others.
    [ThreadStatic]
    private static WorldProcess? _creating;

    public WorldScheduler(Config config, ILoggingAdapter log)
        : base(config, log) =>
        _process = _creating ?? throw new InvalidOperationException($"A system in a world is made by {nameof(WorldProcess.CreateSystem)}.");

    public override TimeSpan MonotonicClock => _process.World.Now;

    public override TimeSpan HighResMonotonicClock => _process.World.Now;

    protected override DateTimeOffset TimeNow => _process.Clock.GetUtcNow();

    /// <summary>Says which process creates a system on this thread, and gives which one did before.</summary>
    public static WorldProcess? Creating(WorldProcess? process)
    {
        var before = _creating;
        _creating = process;
        return before;
    }

    protected override void InternalScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef sender, ICancelable cancelable) =>
        Set(new TellTimer(_process, receiver, message, sender, cancelable), delay);

    protected override void InternalScheduleTellRepeatedly(
        TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef sender, ICancelable cancelable) =>
        Set(new TellTimer(_process, receiver, message, sender, cancelable, interval.Ticks), initialDelay);

    protected override void InternalScheduleOnce(TimeSpan delay, Action action, ICancelable cancelable) =>
        Set(new ActionTimer(_process, action, cancelable), delay);

    protected override void InternalScheduleOnce(TimeSpan delay, Akka.Dispatch.IRunnable action, ICancelable cancelable) =>
        Set(new ActionTimer(_process, action.Run, cancelable), delay);

    protected override void InternalScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action, ICancelable cancelable) =>
        Set(new ActionTimer(_process, action, cancelable, interval.Ticks), initialDelay);

    protected override void InternalScheduleRepeatedly(
        TimeSpan initialDelay, TimeSpan interval, Akka.Dispatch.IRunnable action, ICancelable cancelable) =>
        Set(new ActionTimer(_process, action.Run, cancelable, interval.Ticks), initialDelay);

    private void Set(WorldTimer timer, TimeSpan delay) => _process.World.Set(timer, delay);
}

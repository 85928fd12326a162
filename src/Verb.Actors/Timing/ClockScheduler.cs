using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;

namespace Verb.Actors.Timing;

/// <summary>
/// Akka.NET's scheduler on a <see cref="TimeProvider"/>: what the host gave as its clock times everything. The system's own clock needs none, it has
/// Akka.NET's wheel.
/// </summary>
internal sealed class ClockScheduler : SchedulerBase
{
    [ThreadStatic]
    private static TimeProvider? _next;

    private readonly TimeProvider _clock;
    private readonly long _origin;

    /// <summary>Made by Akka.NET, within <see cref="With"/>.</summary>
    public ClockScheduler(Config config, ILoggingAdapter log)
        : base(config, log)
    {
        _clock = _next ?? throw new InvalidOperationException("The clock of the scheduler is missing.");
        _origin = _clock.GetTimestamp();
    }

    /// <summary>What makes Akka.NET take it.</summary>
    public static Config Configuration { get; } = ConfigurationFactory.ParseString(
        """akka.scheduler.implementation = "Verb.Actors.Timing.ClockScheduler, Verb.Actors" """);

    /// <inheritdoc/>
    public override TimeSpan MonotonicClock => _clock.GetElapsedTime(_origin);

    /// <inheritdoc/>
    public override TimeSpan HighResMonotonicClock => MonotonicClock;

    /// <inheritdoc/>
    protected override DateTimeOffset TimeNow => _clock.GetUtcNow();

    /// <summary>Makes a system whose scheduler is on the clock. Akka.NET gives a scheduler nothing else to find it by.</summary>
    public static ActorSystem With(TimeProvider clock, Func<ActorSystem> make)
    {
        _next = clock;
        try
        {
            return make();
        }
        finally
        {
            _next = null;
        }
    }

    /// <inheritdoc/>
    protected override void InternalScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef sender, ICancelable cancelable) =>
        Set(delay, null, () => receiver.Tell(message, sender), cancelable);

    /// <inheritdoc/>
    protected override void InternalScheduleTellRepeatedly(
        TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef sender, ICancelable cancelable) =>
        Set(initialDelay, interval, () => receiver.Tell(message, sender), cancelable);

    /// <inheritdoc/>
    protected override void InternalScheduleOnce(TimeSpan delay, Action action, ICancelable cancelable) => Set(delay, null, action, cancelable);

    /// <inheritdoc/>
    protected override void InternalScheduleOnce(TimeSpan delay, IRunnable action, ICancelable cancelable) => Set(delay, null, action.Run, cancelable);

    /// <inheritdoc/>
    protected override void InternalScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action, ICancelable cancelable) =>
        Set(initialDelay, interval, action, cancelable);

    /// <inheritdoc/>
    protected override void InternalScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, IRunnable action, ICancelable cancelable) =>
        Set(initialDelay, interval, action.Run, cancelable);

    private void Set(TimeSpan delay, TimeSpan? interval, Action action, ICancelable? cancelable)
    {
        var due = new Due(action, cancelable, interval is null);
        due.Timer = _clock.CreateTimer(static state => ((Due)state!).Fire(), due, delay, interval ?? Timeout.InfiniteTimeSpan);
        cancelable?.Token.Register(static state => ((Due)state!).Timer?.Dispose(), due);
    }

    private sealed class Due(Action action, ICancelable? cancelable, bool once)
    {
        public ITimer? Timer { get; set; }

        public void Fire()
        {
            if (cancelable is { IsCancellationRequested: true })
                return;
            if (once)
                Timer?.Dispose();
            action();
        }
    }
}

namespace Verb.Actors.Kernel;

/// <summary>How failing actors are judged, each by itself.</summary>
/// <param name="Decide">The verdict on an exception: a pure function, called on the failing actor's turn. If it throws, the actor stops.</param>
public sealed record SupervisorStrategy(Func<Exception, Directive> Decide)
{
    /// <summary>Restart, at most 10 times in a minute.</summary>
    public static SupervisorStrategy Default { get; } = new(_ => Directive.Restart);

    /// <summary>How many restarts of one actor are allowed within <see cref="Within"/>; the next failure to be answered so stops it. 10 unless set.</summary>
    public int MaxRestarts { get; init; } = 10;

    /// <summary>The span in which <see cref="MaxRestarts"/> counts; one minute unless set.</summary>
    public TimeSpan Within { get; init; } = TimeSpan.FromMinutes(1);
}

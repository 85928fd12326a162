namespace Verb.Actors.Kernel;

/// <summary>What an actor system is given from outside.</summary>
public sealed record ActorSystemOptions
{
    /// <summary>The time all actors see.</summary>
    public required TimeProvider Clock { get; init; }

    /// <summary>Where actors run; <see cref="ThreadPoolDispatcher"/> in production.</summary>
    public required IDispatcher Dispatcher { get; init; }

    /// <summary>The randomness all actors share; it must be safe for as many threads as the dispatcher uses.</summary>
    public required Random Random { get; init; }

    /// <summary>Hears of dead letters and failures.</summary>
    public IKernelObserver? Observer { get; init; }

    /// <summary>How failing top-level actors are treated. Default: restart, at most 10 times in a minute.</summary>
    public SupervisorStrategy RootStrategy { get; init; } = SupervisorStrategy.Default;
}

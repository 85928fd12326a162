namespace Verb.Server.Testing.Load;

/// <summary>Who publishes and who listens during a test.</summary>
internal sealed record LoadOptions
{
    /// <summary>The rooms; one that is named twice has twice as many members.</summary>
    public IReadOnlyList<string> Rooms { get; init; } = ["hall", "stairs", "cellar", "roof"];

    /// <summary>How many members of each room publish; they listen as well.</summary>
    public int Publishers { get; init; } = 2;

    /// <summary>How many members of each room only listen.</summary>
    public int Listeners { get; init; } = 2;

    /// <summary>How many messages each publisher sends; default: until it is told to end.</summary>
    public int MessagesEach { get; init; } = int.MaxValue;

    /// <summary>How many messages of one publisher may be without an answer.</summary>
    public int Window { get; init; } = 2;

    /// <summary>How long a publisher rests after each acknowledgement.</summary>
    public TimeSpan Rest { get; init; } = TimeSpan.Zero;

    /// <summary>The longest pause between two tries to connect; the first one is short, and each is twice as long as the one before.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Whether a client that is refused with 503 waits for as long as it is asked to; else it tries elsewhere at once.</summary>
    public bool WaitsWhenRefused { get; init; }

    /// <summary>How long a client hears nothing before it goes elsewhere.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(2);
}

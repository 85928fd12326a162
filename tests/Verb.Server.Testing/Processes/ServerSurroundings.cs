namespace Verb.Server.Testing.Processes;

/// <summary>What a server process finds around it.</summary>
internal sealed record ServerSurroundings
{
    /// <summary>Variables of its environment; the tests' own settings are not among them.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>A program with arguments that starts it, such as <c>prlimit --nofile=400</c>.</summary>
    public IReadOnlyList<string> Through { get; init; } = [];

    /// <summary>Whether anybody reads what it prints.</summary>
    public bool ReadsOutput { get; init; } = true;

    /// <summary>Whether the test names the address to listen on, be it in the environment.</summary>
    public bool SayWhereToListen { get; init; }
}

using System.ComponentModel.DataAnnotations;

namespace Verb.Gateway.Settings;

/// <summary>How the hub stops. Configuration: <c>Verb:Drain</c>.</summary>
public sealed record DrainOptions
{
    /// <summary>How long clients keep their connection after <c>server_shutdown</c>. Default 5 s; zero: closed at once.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Connections closed a second, so that they do not come back all at once. Default 1,000; 0: all together.</summary>
    [Range(0, 1_000_000)]
    public int ClosesPerSecond { get; init; } = 1_000;
}

namespace Verb.Gateway.Settings;

/// <summary>Built-in feeds. Configuration: <c>Verb:Feed</c>.</summary>
public sealed record FeedOptions
{
    /// <summary>Whether simulated stock, crypto, weather and news feeds run. Default null: only in Development.</summary>
    public bool? Demo { get; init; }
}

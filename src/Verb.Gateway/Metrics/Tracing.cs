using System.Diagnostics;

namespace Verb.Gateway.Metrics;

/// <summary>Where the hub's traces come from.</summary>
internal static class Tracing
{
    /// <summary>The name to listen to.</summary>
    public const string SourceName = "Verb";

    /// <summary>The hub's only source. Tags name kinds, never rooms, users or contents.</summary>
    public static readonly ActivitySource Source = new(SourceName);
}

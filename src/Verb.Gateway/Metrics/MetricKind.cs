namespace Verb.Gateway.Metrics;

/// <summary>What a metric's values mean.</summary>
internal enum MetricKind
{
    /// <summary>Only grows.</summary>
    Counter,

    /// <summary>Grows and falls by what is added.</summary>
    UpDown,

    /// <summary>The last value counts.</summary>
    Gauge,

    /// <summary>Values counted by size.</summary>
    Histogram,
}

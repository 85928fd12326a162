using System.Diagnostics.Metrics;

namespace Verb.Gateway.Metrics;

/// <summary>One instrument and its series, as Prometheus sees it. Safe for concurrent use.</summary>
internal sealed class MetricFamily
{
    /// <summary>More series than this come from a label that should be none: the rest is not counted.</summary>
    private const int MostSeries = 1000;

    /// <summary>Where an instrument gives no advice: the bounds that OpenTelemetry takes, in whatever unit.</summary>
    private static readonly double[] DefaultBounds = [0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10000];

    private readonly Lock _lock = new();
    private readonly Dictionary<string, MetricSeries> _series = new(StringComparer.Ordinal);

    public MetricFamily(Instrument instrument)
    {
        IsObservable = instrument.IsObservable;
        Kind = KindOf(instrument.GetType());
        Bounds = Kind != MetricKind.Histogram ? [] : AdviceOf(instrument) ?? DefaultBounds;
        Name = PrometheusNames.Metric(instrument.Name, instrument.Unit, Kind);
        Help = instrument.Description ?? "";
    }

    public string Name { get; }

    public string Help { get; }

    public MetricKind Kind { get; }

    public bool IsObservable { get; }

    public IReadOnlyList<double> Bounds { get; }

    public void Measure(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = PrometheusNames.Labels(tags);
        lock (_lock)
        {
            if (!_series.TryGetValue(labels, out var series))
            {
                if (_series.Count >= MostSeries)
                    return;
                _series.Add(labels, series = new MetricSeries(Bounds));
            }

            if (Kind == MetricKind.Histogram)
                series.Record(value);
            else if (IsObservable || Kind == MetricKind.Gauge)
                series.Set(value);
            else
                series.Add(value);
        }
    }

    /// <summary>What an observable instrument no longer reports is gone.</summary>
    public void Forget()
    {
        lock (_lock)
            _series.Clear();
    }

    /// <summary>Shows every series, in the order of the labels.</summary>
    public void Visit(Action<string, MetricSeries> visit)
    {
        lock (_lock)
        {
            foreach (var (labels, series) in _series.OrderBy(pair => pair.Key, StringComparer.Ordinal))
                visit(labels, series);
        }
    }

    private static MetricKind KindOf(Type instrument)
    {
        var type = instrument.IsGenericType ? instrument.GetGenericTypeDefinition() : instrument;
        if (type == typeof(Counter<>) || type == typeof(ObservableCounter<>))
            return MetricKind.Counter;
        if (type == typeof(Histogram<>))
            return MetricKind.Histogram;
        return type == typeof(UpDownCounter<>) || type == typeof(ObservableUpDownCounter<>) ? MetricKind.UpDown : MetricKind.Gauge;
    }

    private static double[]? AdviceOf(Instrument instrument) => instrument switch
    {
        Histogram<double> h => h.Advice?.HistogramBucketBoundaries?.ToArray(),
        Histogram<long> h => h.Advice?.HistogramBucketBoundaries?.Select(bound => (double)bound).ToArray(),
        Histogram<int> h => h.Advice?.HistogramBucketBoundaries?.Select(bound => (double)bound).ToArray(),
        _ => null,
    };
}

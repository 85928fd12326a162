namespace Verb.Gateway.Metrics;

/// <summary>One metric with one set of labels: a sum, a last value, or a histogram. Guarded by its family's lock.</summary>
internal sealed class MetricSeries(IReadOnlyList<double> bounds)
{
    private readonly long[] _buckets = new long[bounds.Count];

    public double Value { get; private set; }

    public long Count { get; private set; }

    /// <summary>How many values are at most each bound.</summary>
    public IReadOnlyList<long> Buckets => _buckets;

    public void Add(double value) => Value += value;

    public void Set(double value) => Value = value;

    public void Record(double value)
    {
        Value += value;
        Count++;
        for (var i = 0; i < _buckets.Length; i++)
        {
            if (value <= bounds[i])
                _buckets[i]++;
        }
    }
}

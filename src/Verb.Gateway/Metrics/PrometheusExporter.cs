using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Verb.Gateway.Metrics;

/// <summary>
/// Listens to the meters of one host from the moment it is made: the hub's own, the web server's and the runtime's. Another listener,
/// OpenTelemetry's for example, may stand beside it.
/// </summary>
internal sealed class PrometheusExporter : IDisposable
{
    private const string Runtime = "System.Runtime";

    private static readonly HashSet<string> OfTheHost =
        [HubMeter.Name, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel"];

    private readonly ConcurrentDictionary<Instrument, MetricFamily> _families = new();
    private readonly Lock _collecting = new();
    private readonly MeterListener _listener = new();
    private readonly IMeterFactory _meters;

    public PrometheusExporter(IMeterFactory meters)
    {
        _meters = meters;
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (IsOurs(instrument.Meter))
                listener.EnableMeasurementEvents(instrument, _families.GetOrAdd(instrument, made => new MetricFamily(made)));
        };
        _listener.MeasurementsCompleted = (instrument, state) => _families.TryRemove(instrument, out _);
        _listener.SetMeasurementEventCallback<byte>((_, value, tags, family) => Measure(family, value, tags));
        _listener.SetMeasurementEventCallback<short>((_, value, tags, family) => Measure(family, value, tags));
        _listener.SetMeasurementEventCallback<int>((_, value, tags, family) => Measure(family, value, tags));
        _listener.SetMeasurementEventCallback<long>((_, value, tags, family) => Measure(family, value, tags));
        _listener.SetMeasurementEventCallback<float>((_, value, tags, family) => Measure(family, value, tags));
        _listener.SetMeasurementEventCallback<double>((_, value, tags, family) => Measure(family, value, tags));
        _listener.SetMeasurementEventCallback<decimal>((_, value, tags, family) => Measure(family, (double)value, tags));
        _listener.Start();
    }

    /// <summary>Everything measured so far, as text; one call at a time.</summary>
    public string Collect()
    {
        lock (_collecting)
        {
            foreach (var family in _families.Values.Where(family => family.IsObservable))
                family.Forget();
            try
            {
                _listener.RecordObservableInstruments();
            }
            catch (AggregateException)
            {
                // An instrument whose callback fails is missing from the text; the others are there.
            }

            return PrometheusText.Write(_families.Values);
        }
    }

    public void Dispose() => _listener.Dispose();

    /// <summary>Meters of other hosts in this process have the same names and another factory.</summary>
    private bool IsOurs(Meter meter) => meter.Name == Runtime || (ReferenceEquals(meter.Scope, _meters) && OfTheHost.Contains(meter.Name));

    private static void Measure(object? family, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        ((MetricFamily)family!).Measure(value, tags);
}

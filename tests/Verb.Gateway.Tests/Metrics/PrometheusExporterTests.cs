using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Verb.Gateway.Metrics;

namespace Verb.Gateway.Tests.Metrics;

public sealed class PrometheusExporterTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly PrometheusExporter _exporter;
    private readonly Meter _meter;

    public PrometheusExporterTests()
    {
        var meters = _services.GetRequiredService<IMeterFactory>();
        _exporter = new PrometheusExporter(meters);
        _meter = meters.Create(HubMeter.Name);
    }

    [Fact]
    public void A_counter_grows_by_its_labels_and_ends_in_total()
    {
        var counter = _meter.CreateCounter<int>("verb.test.things", "{thing}", "Things.");
        counter.Add(2, new KeyValuePair<string, object?>("kind", "a"));
        counter.Add(3, new KeyValuePair<string, object?>("kind", "a"));
        counter.Add(1, new KeyValuePair<string, object?>("kind", "b"));
        Lines("verb_test_things").ShouldBe(
        [
            "# HELP verb_test_things_total Things.",
            "# TYPE verb_test_things_total counter",
            "verb_test_things_total{kind=\"a\"} 5",
            "verb_test_things_total{kind=\"b\"} 1",
        ]);
    }

    [Fact]
    public void The_order_of_labels_does_not_matter()
    {
        var counter = _meter.CreateCounter<long>("verb.test.order");
        counter.Add(1, new("b", 1), new("a", true));
        counter.Add(1, new("a", true), new("b", 1));
        Lines("verb_test_order").ShouldBe(["# TYPE verb_test_order_total counter", "verb_test_order_total{a=\"true\",b=\"1\"} 2"]);
    }

    [Fact]
    public void Units_are_written_out()
    {
        _meter.CreateCounter<long>("verb.test.size", "By").Add(7);
        _meter.CreateObservableGauge("verb.test.age", () => 1.5, "s");
        Lines("verb_test_size").ShouldContain("verb_test_size_bytes_total 7");
        Lines("verb_test_age").ShouldBe(["# TYPE verb_test_age_seconds gauge", "verb_test_age_seconds 1.5"]);
    }

    [Fact]
    public void What_is_observed_is_the_value_now_and_what_is_no_longer_reported_is_gone()
    {
        List<Measurement<long>> now = [new(5, new KeyValuePair<string, object?>("code", 1000)), new(1, new KeyValuePair<string, object?>("code", 1001))];
        _meter.CreateObservableCounter("verb.test.closed", () => now);
        Lines("verb_test_closed").Length.ShouldBe(3);
        now = [new(6, new KeyValuePair<string, object?>("code", 1000))];
        Lines("verb_test_closed").ShouldBe(["# TYPE verb_test_closed_total counter", "verb_test_closed_total{code=\"1000\"} 6"]);
    }

    [Fact]
    public void A_sum_that_falls_is_a_gauge()
    {
        var open = _meter.CreateUpDownCounter<short>("verb.test.open");
        open.Add(3);
        open.Add(-1);
        Lines("verb_test_open").ShouldBe(["# TYPE verb_test_open gauge", "verb_test_open 2"]);
    }

    [Fact]
    public void A_histogram_counts_what_is_at_most_each_bound()
    {
        var histogram = _meter.CreateHistogram(
            "verb.test.wait", "s", "Waits.", tags: null, advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 1] });
        histogram.Record(0.1, new KeyValuePair<string, object?>("route", "x"));
        histogram.Record(0.5, new KeyValuePair<string, object?>("route", "x"));
        histogram.Record(2, new KeyValuePair<string, object?>("route", "x"));
        Lines("verb_test_wait").ShouldBe(
        [
            "# HELP verb_test_wait_seconds Waits.",
            "# TYPE verb_test_wait_seconds histogram",
            "verb_test_wait_seconds_bucket{route=\"x\",le=\"0.1\"} 1",
            "verb_test_wait_seconds_bucket{route=\"x\",le=\"1\"} 2",
            "verb_test_wait_seconds_bucket{route=\"x\",le=\"+Inf\"} 3",
            "verb_test_wait_seconds_sum{route=\"x\"} 2.6",
            "verb_test_wait_seconds_count{route=\"x\"} 3",
        ]);
    }

    [Fact]
    public void Labels_and_help_are_escaped()
    {
        _meter.CreateCounter<long>("verb.test-odd name", null, "One \\ two\nthree.").Add(1, new KeyValuePair<string, object?>("a.b", "\\ \" \n end"));
        Lines("verb_test_odd_name").ShouldBe(
        [
            "# HELP verb_test_odd_name_total One \\\\ two\\nthree.",
            "# TYPE verb_test_odd_name_total counter",
            "verb_test_odd_name_total{a_b=\"\\\\ \\\" \\n end\"} 1",
        ]);
    }

    [Fact]
    public void An_instrument_that_fails_does_not_hide_the_others()
    {
        _meter.CreateObservableGauge("verb.test.broken", new Func<long>(() => throw new InvalidOperationException()));
        _meter.CreateObservableGauge("verb.test.sound", () => 1L);
        _exporter.Collect().ShouldContain("verb_test_sound 1\n");
    }

    [Fact]
    public void Series_without_end_are_cut_off()
    {
        var counter = _meter.CreateCounter<long>("verb.test.endless");
        for (var i = 0; i < 2000; i++)
            counter.Add(1, new KeyValuePair<string, object?>("id", i));
        Lines("verb_test_endless").Length.ShouldBe(1001);
    }

    [Fact]
    public void Meters_of_another_host_in_the_process_are_not_shown()
    {
        using var others = new ServiceCollection().AddMetrics().BuildServiceProvider();
        others.GetRequiredService<IMeterFactory>().Create(HubMeter.Name).CreateCounter<long>("verb.test.foreign").Add(1);
        Lines("verb_test_foreign").ShouldBeEmpty();
    }

    [Fact]
    public void Many_threads_lose_no_count()
    {
        var counter = _meter.CreateCounter<long>("verb.test.busy");
        Parallel.For(0, 10_000, _ => counter.Add(1));
        Lines("verb_test_busy").ShouldContain("verb_test_busy_total 10000");
    }

    public void Dispose()
    {
        _exporter.Dispose();
        _services.Dispose();
    }

    private string[] Lines(string name) =>
        [.. _exporter.Collect().Split('\n').Where(line => line.StartsWith(name, StringComparison.Ordinal) || line.Contains($" {name}", StringComparison.Ordinal))];
}

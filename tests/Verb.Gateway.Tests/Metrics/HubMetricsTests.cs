using System.Diagnostics.Metrics;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Verb.Actors.Connections;
using Verb.Contracts;
using Verb.Gateway.Handshake;
using Verb.Gateway.Hosting;
using Verb.Gateway.Limits;
using Verb.Gateway.Metrics;
using Verb.Gateway.Tests.Health;
using Verb.TestKit.Hosting;

namespace Verb.Gateway.Tests.Metrics;

public sealed partial class HubMetricsTests
{
    [Fact]
    public async Task Every_metric_of_the_hub_is_shown_and_documented_and_none_else()
    {
        await using var app = await HubApp.Start();
        app.Host.Closes.Count(1000);
        var response = await app.Client.GetAsync(new Uri("/metrics", UriKind.Relative));
        response.Content.Headers.ContentType!.ToString().ShouldBe("text/plain; version=0.0.4; charset=utf-8");
        var shown = TypeLine().Matches(await response.Content.ReadAsStringAsync()).Select(match => match.Groups[1].Value).Order(StringComparer.Ordinal);
        var documented = DocumentedLine().Matches(await File.ReadAllTextAsync(Repository("docs/metrics.md"))).Select(match => match.Groups[1].Value).Order(StringComparer.Ordinal);
        shown.ShouldBe(documented);
    }

    [Fact]
    public async Task Rooms_and_actors_are_counted()
    {
        await using var app = await HubApp.Start();
        (await app.Host.Node.PublishAsync(new RoomId("lobby"), "1"u8.ToArray())).IsSuccess.ShouldBeTrue();
        var text = await app.Client.GetStringAsync(new Uri("/metrics", UriKind.Relative));
        text.ShouldContain("\nverb_rooms_alive 1\n");
        text.ShouldContain("\nverb_rooms_drops_total 0\n");
        text.ShouldContain("\nverb_connections_open 0\n");
        text.ShouldContain("\nverb_connections_rejected_total{reason=\"capacity\"} 0\n");
        text.ShouldNotContain("lobby");
    }

    [Fact]
    public void Who_is_turned_away_is_counted_by_reason()
    {
        var capacity = new CapacityGate(1);
        var refusals = new RefusalCounts();
        for (var i = 0; i < 2; i++)
            capacity.TryEnter();
        refusals.Count(RefusalCause.Address);
        refusals.Count(RefusalCause.Origin);
        refusals.Count(RefusalCause.Origin);
        var text = Shown(capacity, refusals, new CloseCounts());
        text.ShouldContain("verb_connections_rejected_total{reason=\"capacity\"} 1\n");
        text.ShouldContain("verb_connections_rejected_total{reason=\"address\"} 1\n");
        text.ShouldContain("verb_connections_rejected_total{reason=\"origin\"} 2\n");
        foreach (var reason in new[] { "draining", "handshake_rate", "subprotocol", "token", "verifier", "error" })
            text.ShouldContain($"verb_connections_rejected_total{{reason=\"{reason}\"}} 0\n");
        text.ShouldContain("verb_connections_accepted_total 1\n");
    }

    [Fact]
    public void Close_codes_that_clients_choose_are_one_series()
    {
        var closes = new CloseCounts();
        for (var code = 3000; code <= 4999; code++)
            closes.Count((ushort)code);
        closes.Count(CloseReason.Normal.Code);
        closes.Count(1006);
        var text = Shown(new CapacityGate(1), new RefusalCounts(), closes);
        text.Split('\n').Where(line => line.StartsWith("verb_connections_closed_total{", StringComparison.Ordinal)).Order(StringComparer.Ordinal)
            .ShouldBe(
                new[] { "1000\"} 1", "1006\"} 1", "4001\"} 1", "4002\"} 1", "4003\"} 1", "4004\"} 1", "4005\"} 1", "other\"} 1995" }
                    .Select(end => "verb_connections_closed_total{code=\"" + end));
    }

    [Fact]
    public void Every_close_code_of_the_hub_has_its_series()
    {
        var closes = new CloseCounts();
        foreach (var property in typeof(CloseReason).GetProperties(BindingFlags.Public | BindingFlags.Static))
            closes.Count(((CloseReason)property.GetValue(null)!).Code);
        closes.All.ShouldNotContain(pair => pair.Key == CloseCounts.Other);
    }

    [Fact]
    public async Task The_meter_has_its_instruments_though_nothing_but_a_socket_route_is_mapped()
    {
        await using var host = await VerbTestHost.StartAsync(new VerbTestHostOptions { Routes = app => app.MapVerb() });
        var meters = host.Services.GetRequiredService<IMeterFactory>();
        var found = new List<string>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, _) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, meters) && instrument.Meter.Name == "Verb")
                found.Add(instrument.Name);
        };
        listener.Start();
        found.ShouldContain("verb.connections.open");
    }

    [Fact]
    public async Task A_refused_handshake_is_counted()
    {
        await using var host = await VerbTestHost.StartAsync();
        var foreign = new SocketClientOptions { Headers = new Dictionary<string, string> { ["Origin"] = "http://evil.example" } };
        await Should.ThrowAsync<HandshakeRefusedException>(() => host.ConnectAsync("/ws", foreign));
        await host.Services.GetRequiredService<Drain>().Run(CancellationToken.None);
        await Should.ThrowAsync<HandshakeRefusedException>(() => host.ConnectAsync());
        using var http = new HttpClient { BaseAddress = host.Address };
        var text = await http.GetStringAsync(new Uri("/metrics", UriKind.Relative));
        text.ShouldContain("verb_connections_rejected_total{reason=\"origin\"} 1\n");
        text.ShouldContain("verb_connections_rejected_total{reason=\"draining\"} 1\n");
    }

    private static string Shown(CapacityGate capacity, RefusalCounts refusals, CloseCounts closes)
    {
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var meters = services.GetRequiredService<IMeterFactory>();
        using var exporter = new PrometheusExporter(meters);
        _ = new ConnectionMetrics(meters, new ConnectionDirectory(), new ConnectionCounters(), capacity, refusals, closes);
        return exporter.Collect();
    }

    private static string Repository(string path)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Verb.sln")))
            folder = folder.Parent!;
        return Path.Combine(folder.FullName, path);
    }

    [GeneratedRegex(@"^# TYPE (verb_\w+)", RegexOptions.Multiline)]
    private static partial Regex TypeLine();

    [GeneratedRegex(@"^\| `(verb_\w+)", RegexOptions.Multiline)]
    private static partial Regex DocumentedLine();
}

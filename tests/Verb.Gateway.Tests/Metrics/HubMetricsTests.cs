using System.Diagnostics.Metrics;
using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Verb.Actors.Connections;
using Verb.Contracts;
using Verb.Gateway.Hosting;
using Verb.Gateway.Limits;
using Verb.Gateway.Metrics;
using Verb.Gateway.Tests.Health;
using Verb.TestKit.Time;

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
        text.ShouldContain("\nverb_connections_open 0\n");
        text.ShouldContain("\nverb_connections_rejected_total{reason=\"capacity\"} 0\n");
        text.ShouldNotContain("lobby");
    }

    [Fact]
    public void Who_is_turned_away_is_counted_by_reason()
    {
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var meters = services.GetRequiredService<IMeterFactory>();
        using var exporter = new PrometheusExporter(meters);
        var capacity = new CapacityGate(1);
        var addresses = new AddressLimit(1);
        var handshakes = new HandshakeRate(1, new ManualClock(), new Random(1));
        _ = new ConnectionMetrics(meters, new ConnectionDirectory(), new ConnectionCounters(), capacity, addresses, handshakes, new CloseCounts());
        for (var i = 0; i < 2; i++)
            capacity.TryEnter();
        for (var i = 0; i < 3; i++)
            addresses.TryEnter(IPAddress.Loopback);
        for (var i = 0; i < 4; i++)
            handshakes.TryTake(out _);
        var text = exporter.Collect();
        text.ShouldContain("verb_connections_rejected_total{reason=\"capacity\"} 1\n");
        text.ShouldContain("verb_connections_rejected_total{reason=\"address\"} 2\n");
        text.ShouldContain("verb_connections_rejected_total{reason=\"handshake_rate\"} 3\n");
        text.ShouldContain("verb_connections_accepted_total 1\n");
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

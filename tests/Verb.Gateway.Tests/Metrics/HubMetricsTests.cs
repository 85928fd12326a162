using System.Text.RegularExpressions;
using Verb.Contracts;
using Verb.Gateway.Tests.Health;

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

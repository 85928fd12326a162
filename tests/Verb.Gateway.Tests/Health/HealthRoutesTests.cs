using System.Net;

namespace Verb.Gateway.Tests.Health;

public sealed class HealthRoutesTests
{
    [Fact]
    public async Task Health_says_OK_as_plain_text()
    {
        await using var app = await HubApp.Start();
        var response = await app.Client.GetAsync(new Uri("/health", UriKind.Relative));
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/plain");
        (await response.Content.ReadAsStringAsync()).ShouldBe("OK");
    }

    [Theory]
    [InlineData("/health/live", "live")]
    [InlineData("/health/ready", "ready")]
    public async Task A_hub_that_runs_is_live_and_ready(string path, string status)
    {
        await using var app = await HubApp.Start();
        using var json = await app.Json(path);
        json.RootElement.GetProperty("status").GetString().ShouldBe(status);
        using var head = new HttpRequestMessage(HttpMethod.Head, new Uri(path, UriKind.Relative));
        (await app.Client.SendAsync(head)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_hub_that_drains_says_so_with_503_and_stays_alive()
    {
        await using var app = await HubApp.Start();
        await app.Host.Drain.Run(CancellationToken.None);
        var response = await app.Client.GetAsync(new Uri("/health/ready", UriKind.Relative));
        response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await response.Content.ReadAsStringAsync()).ShouldBe("""{"status":"unready","reason":"draining"}""");
        (await app.Client.GetAsync(new Uri("/health/live", UriKind.Relative))).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_status_has_exactly_these_figures()
    {
        await using var app = await HubApp.Start();
        using var json = await app.Json("/api/status");
        json.RootElement.EnumerateObject().Select(property => property.Name)
            .ShouldBe(["node", "connections", "rooms", "topics", "uptime", "accepted", "rejected", "nodes", "shards", "links"]);
        json.RootElement.GetProperty("uptime").GetInt64().ShouldBeGreaterThanOrEqualTo(0);
        json.RootElement.GetProperty("nodes").EnumerateArray().ShouldHaveSingleItem().GetString().ShouldBe(json.RootElement.GetProperty("node").GetString());
        json.RootElement.GetProperty("shards").GetInt32().ShouldBe(256);
        json.RootElement.GetProperty("links").GetInt32().ShouldBe(0);
    }
}

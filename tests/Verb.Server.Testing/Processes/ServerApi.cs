using System.Net;
using System.Text;
using System.Text.Json;

namespace Verb.Server.Testing.Processes;

/// <summary>A server's HTTP API, as an application with the key uses it.</summary>
internal static class ServerApi
{
    /// <summary>What opens the API of a server under test.</summary>
    public const string Key = "the key of these tests";

    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(10), DefaultRequestHeaders = { { "X-Api-Key", Key } } };

    public static Task<HttpResponseMessage> SendAsync(Uri server, HttpMethod method, string path, string? json = null) =>
        Http.SendAsync(new HttpRequestMessage(method, new Uri(server, path)) { Content = json is null ? null : new StringContent(json, Encoding.UTF8, "application/json") });

    /// <summary>The data that a route answers with. Where the server has to ask a node that does not answer, it is asked again.</summary>
    public static async Task<JsonElement> ReadAsync(Uri server, string path)
    {
        var (status, body) = await Eventually.Be(() => GetAsync(server, path), answer => answer.Status is not (HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout));
        status.ShouldBe(HttpStatusCode.OK, $"{server}{path}: {body}");
        using var document = JsonDocument.Parse(body);
        return document.RootElement.GetProperty("data").Clone();
    }

    private static async Task<(HttpStatusCode Status, string Body)> GetAsync(Uri server, string path)
    {
        using var response = await SendAsync(server, HttpMethod.Get, path);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}

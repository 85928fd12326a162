using System.Net;
using Microsoft.AspNetCore.Routing;
using Verb.Gateway.Settings;
using Verb.Gateway.Tests.Health;

namespace Verb.Gateway.Tests.Http;

public sealed class HeadTests
{
    [Fact]
    public async Task Whatever_is_read_with_GET_takes_HEAD_too()
    {
        await using var app = await HubApp.Start();
        foreach (var endpoint in app.Endpoints)
        {
            var methods = endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods;
            methods.Contains("HEAD").ShouldBe(methods.Contains("GET"), endpoint.RoutePattern.RawText);
        }
    }

    [Theory]
    [InlineData("/metrics")]
    [InlineData("/openapi.json")]
    [InlineData("/asyncapi.json")]
    [InlineData("/health")]
    [InlineData("/health/live")]
    [InlineData("/api/rooms/lobby")]
    [InlineData("/api/rooms/lobby/messages")]
    [InlineData("/api/rooms/lobby/members")]
    public async Task HEAD_has_the_headers_of_GET_and_no_body(string path)
    {
        await using var app = await HubApp.Start(new VerbOptions { ApiKey = "the-key-of-the-tests" });
        using var get = await Ask(app, HttpMethod.Get, path);
        using var head = await Ask(app, HttpMethod.Head, path);
        get.StatusCode.ShouldBe(HttpStatusCode.OK);
        head.StatusCode.ShouldBe(HttpStatusCode.OK);
        head.Content.Headers.ContentType.ShouldBe(get.Content.Headers.ContentType);
        head.Content.Headers.ContentLength.ShouldNotBeNull().ShouldBeGreaterThan(0);
        head.Headers.CacheControl.ShouldBe(get.Headers.CacheControl);
        (await head.Content.ReadAsByteArrayAsync()).ShouldBeEmpty();
    }

    private static async Task<HttpResponseMessage> Ask(HubApp app, HttpMethod method, string path)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Add("X-Api-Key", "the-key-of-the-tests");
        return await app.Client.SendAsync(request);
    }
}

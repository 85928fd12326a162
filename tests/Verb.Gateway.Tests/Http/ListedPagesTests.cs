using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;
using Verb.Actors.Connections;
using Verb.Gateway.Settings;
using Verb.Gateway.Tests.Health;

namespace Verb.Gateway.Tests.Http;

/// <summary>Pages of other origins and the HTTP API, as a browser asks for them.</summary>
public sealed class ListedPagesTests
{
    private const string Page = "https://app.example";
    private const string Foreign = "https://evil.example";

    public static TheoryData<string, string> Routes => new()
    {
        { "POST", "/api/rooms/lobby/messages" },
        { "POST", "/api/topics/a/b" },
        { "POST", "/api/notify/ann" },
        { "POST", "/api/broadcast" },
        { "POST", "/api/drain" },
        { "GET", "/api/rooms/lobby" },
        { "GET", "/api/rooms/lobby/members" },
        { "GET", "/api/rooms/lobby/messages" },
        { "GET", "/api/status" },
        { "GET", "/health" },
        { "GET", "/metrics" },
        { "GET", "/openapi.json" },
        { "HEAD", "/files/abc" },
    };

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task A_preflight_of_a_listed_page_is_answered(string method, string path)
    {
        await using var app = await Start([Page]);
        var answer = await Preflight(app, path, Page, method);
        answer.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        One(answer, "Access-Control-Allow-Origin").ShouldBe(Page);
        One(answer, "Access-Control-Allow-Credentials").ShouldBe("true");
        One(answer, "Access-Control-Allow-Headers").ShouldBe("content-type,x-api-key");
        One(answer, "Access-Control-Allow-Methods").ShouldBe(method);
        One(answer, "Access-Control-Max-Age").ShouldBe("600");
        answer.Headers.Vary.ShouldContain("Origin");
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task A_preflight_of_any_other_page_is_refused(string method, string path)
    {
        await using var app = await Start([Page]);
        foreach (var origin in new[] { Foreign, "null", "https://app.example.evil.com", "http://app.example", "https://app.example:8443", $"{Page}, {Foreign}" })
        {
            var answer = await Preflight(app, path, origin, method);
            await answer.ShouldBeRefused(HttpStatusCode.Forbidden, "FORBIDDEN");
            IsOpen(answer).ShouldBeFalse(origin);
        }
    }

    [Fact]
    public async Task In_Development_a_listed_page_publishes_and_reads_the_answer()
    {
        await using var app = await Start([Page], Environments.Development);
        var answer = await Ask(app, HttpMethod.Post, "/api/rooms/lobby/messages", Page, """{"message":"hi"}""");
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        One(answer, "Access-Control-Allow-Origin").ShouldBe(Page);
        One(answer, "Access-Control-Allow-Credentials").ShouldBe("true");
        One(answer, "Access-Control-Expose-Headers").ShouldBe("Retry-After,WWW-Authenticate,ETag,Content-Disposition,Content-Range,Accept-Ranges");

        var foreign = await Ask(app, HttpMethod.Post, "/api/rooms/lobby/messages", Foreign, """{"message":"hi"}""");
        await foreign.ShouldBeRefused(HttpStatusCode.Forbidden, "FORBIDDEN");
        IsOpen(foreign).ShouldBeFalse();
    }

    [Fact]
    public async Task A_listed_page_can_read_why_it_was_refused()
    {
        await using var app = await Start([Page]);
        var answer = await Ask(app, HttpMethod.Get, "/api/rooms/lobby", Page);
        await answer.ShouldBeRefused(HttpStatusCode.Unauthorized, "AUTH_REQUIRED");
        One(answer, "Access-Control-Allow-Origin").ShouldBe(Page);
    }

    [Fact]
    public async Task Programs_and_pages_of_the_hub_itself_are_answered_without()
    {
        await using var app = await Start([Page]);
        IsOpen(await Ask(app, HttpMethod.Get, "/health", null)).ShouldBeFalse();
        (await Ask(app, HttpMethod.Get, "/health", "http://localhost")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await Ask(app, HttpMethod.Options, "/health", Page)).StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed, "a browser's preflight names a method");
        IsOpen(await Preflight(app, "/health", Page, "DELETE")).ShouldBeFalse("nothing there takes it");
    }

    [Fact]
    public async Task Where_no_page_is_listed_none_is_let_in()
    {
        await using var app = await Start([]);
        (await Preflight(app, "/api/broadcast", Page, "POST")).StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);
        IsOpen(await Ask(app, HttpMethod.Get, "/health", Page)).ShouldBeFalse();
    }

    [Fact]
    public async Task Where_every_page_may_come_those_that_are_not_named_come_without_credentials()
    {
        await using var app = await Start(["*", Page]);
        var any = await Preflight(app, "/api/broadcast", Foreign, "POST");
        One(any, "Access-Control-Allow-Origin").ShouldBe("*");
        any.Headers.Contains("Access-Control-Allow-Credentials").ShouldBeFalse();
        var named = await Preflight(app, "/api/broadcast", Page, "POST");
        One(named, "Access-Control-Allow-Origin").ShouldBe(Page);
        One(named, "Access-Control-Allow-Credentials").ShouldBe("true");
    }

    [Fact]
    public async Task What_the_host_has_given_a_policy_of_its_own_keeps_that_one()
    {
        await using var app = await Start([Page], api: group => group.RequireCors("theirs"));
        app.Endpoints.ShouldAllBe(endpoint => endpoint.Metadata.OfType<Microsoft.AspNetCore.Cors.Infrastructure.ICorsMetadata>().Count() == 1);
        var answer = await Record.ExceptionAsync(() => Ask(app, HttpMethod.Get, "/health", Page));
        answer.ShouldBeOfType<InvalidOperationException>().Message.ShouldContain("CORS", Case.Sensitive, "the host's middleware is asked for, as for any route of its own");
    }

    private static Task<HubApp> Start(string[] allowed, string? environment = null, Action<Microsoft.AspNetCore.Routing.RouteGroupBuilder>? api = null) =>
        HubApp.Start(new VerbOptions { Socket = new SocketOptions { AllowedOrigins = allowed } }, environment, api);

    private static async Task<HttpResponseMessage> Preflight(HubApp app, string path, string origin, string method)
    {
        using var request = new HttpRequestMessage(HttpMethod.Options, path);
        request.Headers.TryAddWithoutValidation("Origin", origin);
        request.Headers.Add("Access-Control-Request-Method", method);
        request.Headers.Add("Access-Control-Request-Headers", "content-type,x-api-key");
        return await app.Client.SendAsync(request);
    }

    private static async Task<HttpResponseMessage> Ask(HubApp app, HttpMethod method, string path, string? origin, string? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (origin is not null)
            request.Headers.Add("Origin", origin);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        return await app.Client.SendAsync(request);
    }

    private static string One(HttpResponseMessage answer, string header) => answer.Headers.GetValues(header).ShouldHaveSingleItem();

    private static bool IsOpen(HttpResponseMessage answer) => answer.Headers.Contains("Access-Control-Allow-Origin");
}

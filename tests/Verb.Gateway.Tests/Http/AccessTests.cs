using System.Net;
using Microsoft.Extensions.Hosting;
using Verb.Actors.Connections;
using Verb.Gateway.Auth;
using Verb.Gateway.Settings;

namespace Verb.Gateway.Tests.Http;

public sealed class AccessTests
{
    private static readonly string Development = Environments.Development;

    public static TheoryData<string, string> Publishing => new()
    {
        { "/api/rooms/lobby/messages", """{"message":1}""" },
        { "/api/topics/t", "1" },
        { "/api/notify/ann", "{}" },
        { "/api/broadcast", "{}" },
        { "/api/drain", "" },
    };

    public static TheoryData<string> Reading => ["/api/rooms/lobby", "/api/rooms/lobby/members", "/api/rooms/lobby/messages"];

    [Theory]
    [MemberData(nameof(Publishing))]
    public async Task Publishing_needs_the_key_or_an_admin(string path, string body)
    {
        await using var host = await ApiHost.Start();
        var missing = await host.Post(path, body, key: null);
        await missing.ShouldBeRefused(HttpStatusCode.Unauthorized, "AUTH_REQUIRED");
        missing.Headers.WwwAuthenticate.ToString().ShouldBe("Bearer");
        await (await host.Post(path, body, key: ApiHost.Key + "x")).ShouldBeRefused(HttpStatusCode.Unauthorized, "AUTH_FAILED");
        await (await host.Post(path, body, key: null, token: "user")).ShouldBeRefused(HttpStatusCode.Forbidden, "FORBIDDEN");
        await (await host.Post(path, body, key: null, token: "forged")).ShouldBeRefused(HttpStatusCode.Unauthorized, "AUTH_FAILED");
        host.Hub.Calls.ShouldBeEmpty();
        host.Drain.HasBegun.ShouldBeFalse();
        (await host.Post(path, body)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await host.Post(path, body, key: null, token: "admin")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await host.Post(path + "?token=admin", body, key: null)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [MemberData(nameof(Publishing))]
    public async Task Without_a_key_configured_publishing_is_closed_but_for_admins(string path, string body)
    {
        await using var host = await ApiHost.Start(new VerbOptions());
        (await (await host.Post(path, body, key: null)).ShouldBeRefused(HttpStatusCode.Forbidden, "FORBIDDEN")).ShouldContain("Verb:ApiKey");
        await (await host.Post(path, body, key: "")).ShouldBeRefused(HttpStatusCode.Forbidden, "FORBIDDEN");
        await (await host.Post(path, body, key: "guess")).ShouldBeRefused(HttpStatusCode.Forbidden, "FORBIDDEN");
        host.Hub.Calls.ShouldBeEmpty();
        (await host.Post(path, body, key: null, token: "admin")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [MemberData(nameof(Publishing))]
    public async Task In_Development_publishing_is_open_until_a_key_is_configured(string path, string body)
    {
        await using var open = await ApiHost.Start(new VerbOptions(), Development);
        (await open.Post(path, body, key: null)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await open.Post(path, body, key: null, token: "user")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await (await open.Post(path, body, key: null, token: "forged")).ShouldBeRefused(HttpStatusCode.Unauthorized, "AUTH_FAILED");
        await using var closed = await ApiHost.Start(environment: Development);
        await (await closed.Post(path, body, key: null)).ShouldBeRefused(HttpStatusCode.Unauthorized, "AUTH_REQUIRED");
    }

    [Theory]
    [MemberData(nameof(Publishing))]
    public async Task Where_publishing_is_open_no_page_of_another_origin_may(string path, string body)
    {
        await using var open = await ApiHost.Start(
            new VerbOptions { Socket = new SocketOptions { AllowedOrigins = ["https://tool.example"] } }, Development);
        open.Client.DefaultRequestHeaders.Add("Origin", "https://evil.example");
        (await (await open.Post(path, body, key: null)).ShouldBeRefused(HttpStatusCode.Forbidden, "FORBIDDEN")).ShouldContain("Verb:Socket:AllowedOrigins");
        await (await open.Post(path, body, key: null, token: "user")).ShouldBeRefused(HttpStatusCode.Forbidden, "FORBIDDEN");
        open.Hub.Calls.ShouldBeEmpty();
        open.Drain.HasBegun.ShouldBeFalse();
        (await open.Post(path, body, key: null, token: "admin")).StatusCode.ShouldBe(HttpStatusCode.OK);
        foreach (var origin in new[] { "https://tool.example", $"http://{open.Client.BaseAddress!.Authority}" })
        {
            open.Client.DefaultRequestHeaders.Remove("Origin");
            open.Client.DefaultRequestHeaders.Add("Origin", origin);
            (await open.Post(path, body, key: null)).StatusCode.ShouldBe(HttpStatusCode.OK);
        }
    }

    [Fact]
    public async Task A_body_of_someone_who_may_not_publish_is_not_read()
    {
        await using var host = await ApiHost.Start();
        await (await host.Post("/api/broadcast", "not JSON", key: null)).ShouldBeRefused(HttpStatusCode.Unauthorized, "AUTH_REQUIRED");
    }

    [Theory]
    [MemberData(nameof(Reading))]
    public async Task Reading_needs_the_key_or_a_users_token(string path)
    {
        await using var host = await ApiHost.Start();
        await (await host.Get(path, key: null)).ShouldBeRefused(HttpStatusCode.Unauthorized, "AUTH_REQUIRED");
        await (await host.Get(path, key: "wrong", token: "user")).ShouldBeRefused(HttpStatusCode.Unauthorized, "AUTH_FAILED");
        await (await host.Get(path, key: null, token: "forged")).ShouldBeRefused(HttpStatusCode.Unauthorized, "AUTH_FAILED");
        await (await host.Get(path + "?token=user", key: null, token: "admin")).ShouldBeRefused(HttpStatusCode.Unauthorized, "AUTH_FAILED");
        host.Hub.Calls.ShouldBeEmpty();
        (await host.Get(path)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await host.Get(path, key: null, token: "user")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await host.Get(path + "?token=user", key: null)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [MemberData(nameof(Reading))]
    public async Task In_Development_an_anonymous_hub_is_read_by_anyone_as_an_anonymous_user(string path)
    {
        await using var open = await ApiHost.Start(new VerbOptions(), Development);
        (await open.Get(path, key: null)).StatusCode.ShouldBe(HttpStatusCode.OK);
        open.Hub.LastReader!.IsAnonymous.ShouldBeTrue();
        await using var closed = await ApiHost.Start(
            new VerbOptions { Auth = new AuthOptions { Mode = AuthMode.Optional } }, Development);
        await (await closed.Get(path, key: null)).ShouldBeRefused(HttpStatusCode.Unauthorized, "AUTH_REQUIRED");
    }
}

using System.Net;
using System.Net.Http.Headers;
using Verb.Contracts;
using Verb.Gateway.Auth;
using Verb.Gateway.Settings;
using Verb.Gateway.Tests.Http;

namespace Verb.Gateway.Tests.Files;

public sealed class FileEndpointTests
{
    [Fact]
    public async Task A_file_is_an_attachment_that_no_browser_runs()
    {
        await using var host = await ApiHost.Start();
        host.Files.Add("f1", "<script>", name: "naïve \"page\".html", type: "text/html");
        var response = await host.Get("/files/f1", key: null);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await response.Content.ReadAsStringAsync()).ShouldBe("<script>");
        response.Content.Headers.ContentType!.ToString().ShouldBe("text/html");
        response.Content.Headers.ContentDisposition!.DispositionType.ShouldBe("attachment");
        response.Content.Headers.ContentDisposition.FileNameStar.ShouldBe("naïve \"page\".html");
        response.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        response.Headers.GetValues("Content-Security-Policy").ShouldBe(["sandbox; default-src 'none'"]);
        response.Headers.CacheControl!.Private.ShouldBeTrue();
        response.Headers.ETag!.Tag.ShouldBe($"\"{new string('a', 64)}\"");
    }

    [Fact]
    public async Task A_part_of_a_file_may_be_asked_for()
    {
        await using var host = await ApiHost.Start();
        host.Files.Add("f1", "0123456789");
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("http://localhost/files/f1"));
        request.Headers.Range = new RangeHeaderValue(2, 4);
        var response = await host.Client.SendAsync(request);
        response.StatusCode.ShouldBe(HttpStatusCode.PartialContent);
        (await response.Content.ReadAsStringAsync()).ShouldBe("234");
        response.Headers.GetValues("Content-Security-Policy").ShouldBe(["sandbox; default-src 'none'"]);
    }

    [Fact]
    public async Task A_part_behind_the_end_is_refused()
    {
        await using var host = await ApiHost.Start();
        host.Files.Add("f1", "0123456789");
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("http://localhost/files/f1"));
        request.Headers.Range = new RangeHeaderValue(10, 11);
        (await host.Client.SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.RequestedRangeNotSatisfiable);
    }

    [Fact]
    public async Task A_file_that_is_known_is_not_sent_again()
    {
        await using var host = await ApiHost.Start();
        host.Files.Add("f1", "0123456789");
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("http://localhost/files/f1"));
        request.Headers.IfNoneMatch.Add(new EntityTagHeaderValue($"\"{new string('a', 64)}\""));
        (await host.Client.SendAsync(request)).StatusCode.ShouldBe(HttpStatusCode.NotModified);
    }

    [Theory]
    [InlineData("/files/none")]
    [InlineData("/files/..%2F..%2Fetc%2Fpasswd")]
    [InlineData("/files/f1%01")]
    public async Task There_is_no_other_file(string path)
    {
        await using var host = await ApiHost.Start();
        host.Files.Add("f1", "0123456789");
        await (await host.Get(path)).ShouldBeRefused(HttpStatusCode.NotFound, "NOT_FOUND");
    }

    [Fact]
    public async Task A_rooms_file_needs_the_rooms_read_right()
    {
        await using var host = await ApiHost.Start(new VerbOptions { ApiKey = ApiHost.Key, Auth = new AuthOptions { Mode = AuthMode.Required } });
        host.Files.Add("f1", "0123456789", room: "staff");
        await (await host.Get("/files/f1", key: null)).ShouldBeRefused(HttpStatusCode.Unauthorized, "AUTH_REQUIRED");
        await (await host.Get("/files/f1?token=forged", key: null)).ShouldBeRefused(HttpStatusCode.Unauthorized, "AUTH_FAILED");
        host.Hub.Calls.ShouldBeEmpty();

        (await host.Get("/files/f1")).StatusCode.ShouldBe(HttpStatusCode.OK);
        host.Hub.Calls.ShouldBeEmpty();

        (await host.Get("/files/f1?token=user", key: null)).StatusCode.ShouldBe(HttpStatusCode.OK);
        host.Hub.Calls.ShouldBe(["check staff"]);
        host.Hub.LastReader!.User.Username.ShouldBe("user");

        host.Hub.Next = Answer.Refused(ErrorCode.Forbidden, "Room 'staff' needs the role 'staff'.");
        await (await host.Get("/files/f1", key: null, token: "user")).ShouldBeRefused(HttpStatusCode.Forbidden, "FORBIDDEN");
    }

    [Theory]
    [InlineData("Development", AuthMode.Anonymous)]
    [InlineData("Production", AuthMode.Anonymous)]
    [InlineData("Production", AuthMode.Optional)]
    public async Task Where_the_hub_takes_anonymous_users_the_rooms_policy_judges_them(string environment, AuthMode mode)
    {
        await using var host = await ApiHost.Start(new VerbOptions { Auth = new AuthOptions { Mode = mode } }, environment);
        host.Files.Add("f1", "0123456789", room: "staff");
        (await host.Get("/files/f1", key: null)).StatusCode.ShouldBe(HttpStatusCode.OK);
        host.Hub.LastReader!.IsAnonymous.ShouldBeTrue();
        host.Hub.Next = Answer.Refused(ErrorCode.Forbidden, "Room 'staff' needs the role 'staff'.");
        await (await host.Get("/files/f1", key: null)).ShouldBeRefused(HttpStatusCode.Forbidden, "FORBIDDEN");
    }

    [Fact]
    public async Task A_store_that_cannot_be_read_says_come_again()
    {
        await using var host = await ApiHost.Start();
        host.Files.IsBroken = true;
        var response = await host.Get("/files/f1");
        await response.ShouldBeRefused(HttpStatusCode.ServiceUnavailable, "OVERLOADED");
        response.Headers.RetryAfter.ShouldNotBeNull();
    }
}

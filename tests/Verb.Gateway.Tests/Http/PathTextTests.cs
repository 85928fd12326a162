using System.Net;

namespace Verb.Gateway.Tests.Http;

/// <summary>Over the network: what a path looks like to a route is the web server's doing.</summary>
public sealed class PathTextTests
{
    [Theory]
    [InlineData("/api/rooms/a%2Fb", "room a/b")]
    [InlineData("/api/rooms/a%252Fb", "room a%2Fb")]
    [InlineData("/api/rooms/a%25b?x=/y", "room a%b")]
    [InlineData("/api/rooms/%C3%A9", "room é")]
    [InlineData("/api/rooms/a+b", "room a+b")]
    [InlineData("/api/rooms/a%20b", "room a b")]
    [InlineData("/api/rooms/a%2Fb/members", "members a/b - 500")]
    [InlineData("/api/rooms/a%2Fb/members/", "members a/b - 500")]
    public async Task An_id_is_decoded_once(string path, string call)
    {
        await using var host = await ApiHost.Start(overNetwork: true);
        (await host.Get(path)).StatusCode.ShouldBe(HttpStatusCode.OK);
        host.Hub.Calls.ShouldBe([call]);
    }

    [Theory]
    [InlineData("/api/topics/a/b", "topic a/b 1")]
    [InlineData("/api/topics/a%2Fb", "topic a/b 1")]
    [InlineData("/api/topics/a%252Fb/c", "topic a%2Fb/c 1")]
    [InlineData("/api/topics/100%25", "topic 100% 1")]
    public async Task A_topic_may_have_slashes(string path, string call)
    {
        await using var host = await ApiHost.Start(overNetwork: true);
        (await host.Post(path, "1")).StatusCode.ShouldBe(HttpStatusCode.OK);
        host.Hub.Calls.ShouldBe([call]);
    }

    [Theory]
    [InlineData("%0A")]
    [InlineData("a%7F")]
    [InlineData("%C3%28%25")]
    [InlineData("%ED%A0%80%25")]
    [InlineData("%25%2")]
    [InlineData("%25%zz")]
    public async Task An_id_that_breaks_the_rules_is_refused(string id)
    {
        await using var host = await ApiHost.Start(overNetwork: true);
        await (await host.Get($"/api/rooms/{id}")).ShouldBeRefused(HttpStatusCode.BadRequest, "INVALID_MESSAGE");
        await (await host.Post($"/api/notify/{id}", "{}")).ShouldBeRefused(HttpStatusCode.BadRequest, "INVALID_MESSAGE");
        await (await host.Post($"/api/topics/{id}", "{}")).ShouldBeRefused(HttpStatusCode.BadRequest, "INVALID_MESSAGE");
        host.Hub.Calls.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("/api/rooms/./members")]
    [InlineData("/api/rooms/%2E/messages")]
    [InlineData("/api/rooms/lobby/.")]
    [InlineData("/api/rooms/x/%2e%2E/lobby")]
    [InlineData("/api/rooms/../rooms/lobby?limit=1")]
    public async Task A_room_is_not_answered_as_another(string path)
    {
        await using var host = await ApiHost.Start(overNetwork: true);
        (await (await host.Get(path)).ShouldBeRefused(HttpStatusCode.BadRequest, "INVALID_MESSAGE")).ShouldContain("neither '.' nor '..'");
        host.Hub.Calls.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("/api/topics/.")]
    [InlineData("/api/topics/a/../b")]
    [InlineData("/api/topics/a/%2e/b")]
    [InlineData("/api/topics/a%2F..%2Fb")]
    [InlineData("/api/topics/a/%2E%2E")]
    [InlineData("/api/notify/./ann")]
    [InlineData("/api/rooms/./lobby/messages")]
    public async Task Nor_is_a_topic_or_a_user(string path)
    {
        await using var host = await ApiHost.Start(overNetwork: true);
        (await (await host.Post(path, """{"message":1}""")).ShouldBeRefused(HttpStatusCode.BadRequest, "INVALID_MESSAGE")).ShouldContain("neither '.' nor '..'");
        host.Hub.Calls.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("/api/rooms/...", "room ...")]
    [InlineData("/api/rooms/a..", "room a..")]
    [InlineData("/api/rooms/.a", "room .a")]
    [InlineData("/api/rooms/a%2F..", "room a/..")]
    [InlineData("/api/rooms/a?x=../b", "room a")]
    public async Task Dots_within_an_id_are_its_own(string path, string call)
    {
        await using var host = await ApiHost.Start(overNetwork: true);
        (await host.Get(path)).StatusCode.ShouldBe(HttpStatusCode.OK);
        host.Hub.Calls.ShouldBe([call]);
    }

    [Fact]
    public async Task An_id_of_200_bytes_is_taken_and_one_of_201_is_not()
    {
        await using var host = await ApiHost.Start(overNetwork: true);
        (await host.Get($"/api/rooms/{new string('a', 200)}")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await (await host.Get($"/api/rooms/{new string('a', 201)}")).ShouldBeRefused(HttpStatusCode.BadRequest, "INVALID_MESSAGE");
        await (await host.Get($"/api/rooms/{string.Concat(Enumerable.Repeat("%C3%A9", 101))}")).ShouldBeRefused(HttpStatusCode.BadRequest, "INVALID_MESSAGE");
    }
}

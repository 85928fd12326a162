using System.Net;
using Verb.Contracts;

namespace Verb.Gateway.Tests.Http;

public sealed class ReadingTests
{
    [Fact]
    public async Task A_room_tells_its_state()
    {
        await using var host = await ApiHost.Start();
        host.Hub.Next = Answer.Of(new ReplyBody.RoomState(new RoomId("lobby"), 3, "k3f9", 42));
        await (await host.Get("/api/rooms/lobby")).ShouldBeJson("""{"success":true,"data":{"roomId":"lobby","userCount":3,"epoch":"k3f9","seq":42}}""");
        host.Hub.LastReader.ShouldBeNull();
    }

    [Theory]
    [InlineData("/api/rooms/lobby/members", "members lobby - 500")]
    [InlineData("/api/rooms/lobby/members?after=ann%20b&limit=7&x=1", "members lobby ann b 7")]
    [InlineData("/api/rooms/lobby/messages", "history lobby - - 20")]
    [InlineData("/api/rooms/lobby/messages?since=k3f9:42&limit=1000", "history lobby k3f9/42 - 1000")]
    [InlineData("/api/rooms/lobby/messages?since=a:b:0", "history lobby a:b/0 - 20")]
    [InlineData("/api/rooms/lobby/messages?before=9&limit=1", "history lobby - 9 1")]
    public async Task Pages_are_asked_for_by_the_query(string path, string call)
    {
        await using var host = await ApiHost.Start();
        (await host.Get(path)).StatusCode.ShouldBe(HttpStatusCode.OK);
        host.Hub.Calls.ShouldBe([call]);
    }

    [Theory]
    [InlineData("members?limit=0", "'limit'")]
    [InlineData("members?limit=501", "'limit'")]
    [InlineData("members?limit=", "'limit'")]
    [InlineData("members?limit=+5", "'limit'")]
    [InlineData("members?limit=5.0", "'limit'")]
    [InlineData("members?limit=99999999999999999999", "'limit'")]
    [InlineData("members?limit=1&limit=2", "'limit' appears twice")]
    [InlineData("members?after=", "'after'")]
    [InlineData("members?after=a%00", "'after'")]
    [InlineData("messages?limit=1001", "'limit'")]
    [InlineData("messages?limit=-1", "'limit'")]
    [InlineData("messages?before=0", "'before'")]
    [InlineData("messages?before=x", "'before'")]
    [InlineData("messages?since=5", "'since'")]
    [InlineData("messages?since=:5", "'since'")]
    [InlineData("messages?since=k:", "'since'")]
    [InlineData("messages?since=k:-1", "'since'")]
    [InlineData("messages?since=k:9223372036854775808", "'since'")]
    [InlineData("messages?since=k:1&before=5", "'before'")]
    public async Task A_query_that_breaks_the_rules_is_refused_by_the_name_of_its_parameter(string path, string said)
    {
        await using var host = await ApiHost.Start();
        var response = await host.Get("/api/rooms/lobby/" + path);
        (await response.ShouldBeRefused(HttpStatusCode.BadRequest, "INVALID_MESSAGE")).ShouldContain(said);
        host.Hub.Calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_user_reads_as_themselves()
    {
        await using var host = await ApiHost.Start();
        host.Hub.Next = Answer.Refused(ErrorCode.Forbidden, "Room 'staff' needs the role 'staff'.");
        await (await host.Get("/api/rooms/staff", key: null, token: "user")).ShouldBeRefused(HttpStatusCode.Forbidden, "FORBIDDEN");
        host.Hub.LastReader!.User.Id.Value.ShouldBe("user-id");
    }
}

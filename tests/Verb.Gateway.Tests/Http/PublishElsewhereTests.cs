using System.Net;
using Verb.Contracts;

namespace Verb.Gateway.Tests.Http;

public sealed class PublishElsewhereTests
{
    [Fact]
    public async Task The_body_is_the_topics_value()
    {
        await using var host = await ApiHost.Start();
        host.Hub.Next = Answer.Of(new ReplyBody.TopicPublished(new TopicName("stocks/AAPL"), 7));
        var response = await host.Post("/api/topics/stocks/AAPL", """{"price":1.50}""");
        await response.ShouldBeJson("""{"success":true,"data":{"topic":"stocks/AAPL","seq":7}}""");
        host.Hub.Calls.ShouldBe(["""topic stocks/AAPL {"price":1.50}"""]);
    }

    [Fact]
    public async Task A_topic_must_be_named()
    {
        await using var host = await ApiHost.Start();
        (await (await host.Post("/api/topics/", "1")).ShouldBeRefused(HttpStatusCode.BadRequest, "INVALID_MESSAGE")).ShouldContain("'topic'");
    }

    [Fact]
    public async Task A_notification_goes_to_the_users_inbox()
    {
        await using var host = await ApiHost.Start();
        host.Hub.Next = Answer.Of(new ReplyBody.Delivered("n-1", false));
        var response = await host.Post("/api/notify/ann?messageId=n-1", """{"title":"Hello"}""");
        await response.ShouldBeJson("""{"success":true,"data":{"messageId":"n-1","status":"queued"}}""");
        host.Hub.Calls.ShouldBe(["""notify ann {"title":"Hello"} n-1"""]);
    }

    [Fact]
    public async Task A_broadcast_tells_how_many_connections_heard_it()
    {
        await using var host = await ApiHost.Start();
        await (await host.Post("/api/broadcast", """{"text":"all"}""")).ShouldBeJson("""{"success":true,"data":{"connections":3}}""");
        host.Hub.Calls.ShouldBe(["""broadcast {"text":"all"}"""]);
    }

    [Theory]
    [InlineData("[]", "object")]
    [InlineData("null", "object")]
    [InlineData("""{"a":1,"a":2}""", "'a' appears twice")]
    [InlineData("""{"a":{"b":"\ud800"}}""", "no valid text")]
    [InlineData("""{"a":{"\ud800":1}}""", "no valid text")]
    public async Task What_is_laid_beside_the_hubs_fields_must_be_an_object_of_valid_text(string body, string said)
    {
        await using var host = await ApiHost.Start();
        foreach (var path in new[] { "/api/broadcast", "/api/notify/ann" })
            (await (await host.Post(path, body)).ShouldBeRefused(HttpStatusCode.BadRequest, "INVALID_MESSAGE")).ShouldContain(said);
        host.Hub.Calls.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("?messageId=")]
    [InlineData("?messageId=a&messageId=b")]
    [InlineData("?messageId=a%00b")]
    public async Task A_message_id_that_breaks_the_rules_is_refused(string query)
    {
        await using var host = await ApiHost.Start();
        (await (await host.Post("/api/notify/ann" + query, "{}")).ShouldBeRefused(HttpStatusCode.BadRequest, "INVALID_MESSAGE")).ShouldContain("'messageId'");
    }

    [Theory]
    [InlineData("/api/topics/t")]
    [InlineData("/api/notify/ann")]
    [InlineData("/api/broadcast")]
    public async Task Every_publishing_route_refuses_what_is_not_JSON(string path)
    {
        await using var host = await ApiHost.Start();
        await (await host.Post(path, "{")).ShouldBeRefused(HttpStatusCode.BadRequest, "INVALID_JSON");
        await (await host.Post(path, "{}", type: "text/plain")).ShouldBeRefused(HttpStatusCode.UnsupportedMediaType, "INVALID_MESSAGE");
        await (await host.Post(path, new string(' ', 70_000))).ShouldBeRefused(HttpStatusCode.RequestEntityTooLarge, "PAYLOAD_TOO_LARGE");
        host.Hub.Calls.ShouldBeEmpty();
    }
}

using System.Text.Json;
using Verb.Contracts;
using Verb.Gateway.Requests;
using Verb.TestKit.Hosting;

namespace Verb.Server.Tests.Embedding;

public sealed class HubTests : IAsyncLifetime
{
    private static readonly RoomId Hall = new("hall");

    private VerbTestHost _host = null!;

    public async Task InitializeAsync() => _host = await VerbTestHost.StartAsync(new VerbTestHostOptions
    {
        Verb = verb => verb
            .AddRequest("shout", async (context, payload, cancellation) =>
            {
                await context.Hub.PublishAsync(Hall, payload, cancellation: cancellation);
                return JsonSerializer.SerializeToUtf8Bytes(new { who = context.Identity.User.Role });
            })
            .AddRequest("refuse", (_, _, _) => throw new RequestException(ErrorCode.Forbidden, "Not today."))
            .AddRequest("fail", (_, _, _) => throw new InvalidOperationException("secret detail")),
    });

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task A_request_is_answered_by_the_hosts_handler_which_may_use_the_hub()
    {
        await using var client = await Member();
        await client.SendAsync("""{"type":"shout","id":"1","payload":{"loud":true}}""");
        var frames = new[] { await client.ExpectAsync(_ => true, "a frame"), await client.ExpectAsync(_ => true, "a frame") };
        frames.ShouldContain(frame => frame.GetProperty("type").ValueEquals("chat") && frame.GetProperty("message").GetProperty("loud").GetBoolean());
        frames.ShouldContain(frame => frame.GetProperty("type").ValueEquals("reply") && frame.GetProperty("data").GetProperty("who").ValueEquals("anonymous"));
    }

    [Theory]
    [InlineData("refuse", "FORBIDDEN")]
    [InlineData("fail", "INTERNAL")]
    [InlineData("unheard_of", "UNKNOWN_TYPE")]
    public async Task A_request_that_fails_is_answered_with_a_code(string type, string code)
    {
        await using var client = await _host.ConnectAsync();
        var error = (await client.AskAsync($$"""{"type":"{{type}}"}""")).GetProperty("error");
        error.GetProperty("code").GetString().ShouldBe(code);
        error.GetProperty("message").GetString()!.ShouldNotContain("secret");
    }

    [Fact]
    public async Task The_host_publishes_looks_and_broadcasts()
    {
        await using var client = await Member();
        var published = await _host.Hub.PublishAsync(Hall, "\"hello\""u8.ToArray(), "m1");
        var again = await _host.Hub.PublishAsync(Hall, "\"hello\""u8.ToArray(), "m1");
        ((ReplyBody.Published)again.Body!).Seq.ShouldBe(((ReplyBody.Published)published.Body!).Seq);
        (await client.ExpectAsync("chat")).GetProperty("messageId").GetString().ShouldBe("m1");

        ((ReplyBody.RoomState)(await _host.Hub.GetRoomAsync(Hall)).Body!).UserCount.ShouldBe(1);
        ((ReplyBody.MemberPage)(await _host.Hub.GetMembersAsync(Hall)).Body!).Members.Count.ShouldBe(1);
        ((ReplyBody.HistoryPage)(await _host.Hub.GetHistoryAsync(Hall)).Body!).Messages.ShouldHaveSingleItem();

        _host.Hub.Broadcast("""{"text":"to all"}"""u8.ToArray()).ShouldBe(1);
        (await client.ExpectAsync("broadcast")).GetProperty("text").GetString().ShouldBe("to all");
    }

    [Fact]
    public async Task The_host_publishes_a_topic_to_who_subscribed()
    {
        await using var client = await _host.ConnectAsync();
        await client.AskAsync("""{"type":"subscribe","topic":"weather"}""");
        (await _host.Hub.PublishAsync(new TopicName("weather"), "21"u8.ToArray())).IsSuccess.ShouldBeTrue();
        (await client.ExpectAsync("data")).GetProperty("data").GetInt32().ShouldBe(21);
    }

    [Fact]
    public async Task The_host_notifies_and_removes_a_user_and_closes_a_room()
    {
        var (client, user) = await Joined();
        ((ReplyBody.Delivered)(await _host.Hub.NotifyAsync(user, """{"text":"psst"}"""u8.ToArray())).Body!).Written.ShouldBeTrue();
        (await client.ExpectAsync("notification")).GetProperty("text").GetString().ShouldBe("psst");
        (await _host.Hub.CloseRoomAsync(Hall)).IsSuccess.ShouldBeTrue();
        await client.ExpectAsync("left_room");
        (await _host.Hub.KickAsync(user)).IsSuccess.ShouldBeTrue();
        (await client.ExpectCloseAsync()).ShouldBe(CloseReason.Kicked);
        await client.DisposeAsync();
        (await _host.Hub.KickAsync(new UserId("nobody"))).Error!.Code.ShouldBe(ErrorCode.NotFound);
    }

    [Fact]
    public async Task A_stopping_host_tells_its_clients_and_closes_them()
    {
        await using var host = await VerbTestHost.StartAsync(new VerbTestHostOptions
        {
            Hub = new VerbTestHostOptions().Hub with { Drain = new() { Grace = TimeSpan.Zero } },
        });
        await using var client = await host.ConnectAsync();
        await client.ExpectAsync("connected");
        var stopping = host.StopAsync();
        await client.ExpectAsync("server_shutdown");
        (await client.ExpectCloseAsync()).ShouldBe(CloseReason.ServerShutdown);
        await stopping;
    }

    private async Task<SocketClient> Member() => (await Joined()).Client;

    private async Task<(SocketClient Client, UserId Id)> Joined()
    {
        var client = await _host.ConnectAsync();
        var id = new UserId((await client.ExpectAsync("connected")).GetProperty("clientId").GetString()!);
        await client.AskAsync("""{"type":"join_room","roomId":"hall"}""");
        await client.ExpectAsync("message_history");
        return (client, id);
    }
}

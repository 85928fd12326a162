using Verb.Actors.Policies;
using Verb.Actors.Rooms;
using Verb.Contracts;
using Verb.TestKit.Nodes;

namespace Verb.Actors.Tests.Connections;

public class CommandTests
{
    private static readonly PolicyTable<RoomPolicy> Restricted = new(
        [
            ("staff", new RoomPolicy { JoinRoles = ["staff"] }),
            ("news", new RoomPolicy { PublishRoles = ["editor"] }),
            ("sealed", new RoomPolicy { ReadRoles = ["auditor"] }),
        ],
        new RoomPolicy());

    [Fact]
    public void A_ping_is_answered_by_pong_and_one_with_an_id_by_its_reply_too()
    {
        using var node = new TestNode();
        var alice = node.Connect("alice");
        alice.SkipAll();
        alice.Send("""{"type":"ping","timestamp":1.50}""");
        var pong = alice.Expect("pong");
        pong.GetProperty("timestamp").GetRawText().ShouldBe("1.50");
        pong.Number("serverTime").ShouldBe(node.Now);
        alice.Do("ping").Number("serverTime").ShouldBe(node.Now);
        alice.Of("pong").Count.ShouldBe(2);
    }

    [Fact]
    public void Malformed_frames_are_answered_and_the_socket_stays()
    {
        using var node = new TestNode();
        var alice = node.Connect("alice");
        alice.SkipAll();
        alice.Send("no json");
        alice.Expect("error").Text("code").ShouldBe("INVALID_JSON");
        alice.Send("""{"type":"join_room","id":"7"}""");
        alice.ReplyTo("7").Code().ShouldBe("INVALID_MESSAGE");
        alice.Expect("reply").GetProperty("error").Text("message").ShouldContain("roomId");
        alice.Send("""{"type":"join_room"}""");
        alice.Expect("error").Text("command").ShouldBe("join_room");
        alice.Closed.ShouldBeNull();
    }

    [Fact]
    public void An_unknown_type_is_named()
    {
        using var node = new TestNode();
        var alice = node.Connect("alice");
        alice.Refusal("dance").ShouldBe("UNKNOWN_TYPE");
        alice.SkipAll();
        alice.Send("""{"type":"dance"}""");
        var error = alice.Expect("error");
        error.Text("command").ShouldBe("dance");
        error.Has("id").ShouldBeFalse();
    }

    [Theory]
    [InlineData("chat")]
    [InlineData("leave_room")]
    [InlineData("typing")]
    [InlineData("room_event")]
    [InlineData("members")]
    [InlineData("history")]
    [InlineData("media")]
    public void Commands_to_a_room_one_is_not_in_are_refused(string type)
    {
        using var node = new TestNode();
        node.Connect("alice").Refusal(type, new { roomId = "r", message = 1, @event = "e", data = 1 }).ShouldBe("NOT_IN_ROOM");
    }

    [Fact]
    public void Who_has_left_cannot_post()
    {
        using var node = new TestNode();
        var alice = node.Connect("alice");
        alice.Join("r");
        alice.Do("leave_room", new { roomId = "r" }).Text("roomId").ShouldBe("r");
        alice.Expect("reply");
        alice.Expect("left_room").Text("roomId").ShouldBe("r");
        alice.Refusal("chat", new { roomId = "r", message = 1 }).ShouldBe("NOT_IN_ROOM");
    }

    [Fact]
    public void A_rooms_roles_are_kept()
    {
        using var node = new TestNode(new TestNodeOptions { Rooms = Restricted });
        var alice = node.Connect("alice");
        alice.Refusal("join_room", new { roomId = "staff" }).ShouldBe("FORBIDDEN");
        alice.Join("news");
        alice.Refusal("chat", new { roomId = "news", message = 1 }).ShouldBe("FORBIDDEN");
        alice.Refusal("room_event", new { roomId = "news", @event = "e", data = 1 }).ShouldBe("FORBIDDEN");
        alice.Join("sealed");
        alice.Refusal("history", new { roomId = "sealed" }).ShouldBe("FORBIDDEN");
        alice.Refusal("members", new { roomId = "sealed" }).ShouldBe("FORBIDDEN");
    }

    [Fact]
    public void Topics_roles_are_kept()
    {
        using var node = new TestNode(new TestNodeOptions
        {
            Topics = new([("secret", new Actors.Topics.TopicPolicy { SubscribeRoles = ["spy"] })], new()),
        });
        var alice = node.Connect("alice");
        alice.Refusal("publish", new { topic = "t", data = 1 }).ShouldBe("FORBIDDEN");
        alice.Refusal("subscribe", new { topic = "secret" }).ShouldBe("FORBIDDEN");
        alice.Refusal("unsubscribe", new { topic = "t" }).ShouldBe("NOT_SUBSCRIBED");
    }

    [Fact]
    public void Typing_and_events_reach_the_others_and_members_are_listed()
    {
        using var node = new TestNode();
        var (alice, bob) = (node.Connect("alice"), node.Connect("bob"));
        alice.Join("r");
        bob.Join("r");
        alice.SkipAll();

        alice.Do("typing", new { roomId = "r" });
        bob.Expect("user_typing").GetProperty("user").Text("id").ShouldBe("alice");
        alice.Do("room_event", new { roomId = "r", @event = "move", data = new { x = 1 } });
        var moved = bob.Expect("room_event");
        moved.Text("event").ShouldBe("move");
        moved.GetProperty("data").Number("x").ShouldBe(1);
        bob.ExpectNothing();

        var members = alice.Do("members", new { roomId = "r" });
        members.Number("userCount").ShouldBe(2);
        members.GetProperty("members").EnumerateArray().Select(m => m.Text("id")).ShouldBe(["alice", "bob"]);
    }

    [Fact]
    public void History_is_answered_in_order()
    {
        using var node = new TestNode();
        var alice = node.Connect("alice");
        alice.Join("r");
        for (var i = 0; i < 5; i++)
            alice.Do("chat", new { roomId = "r", message = i });
        var page = alice.Do("history", new { roomId = "r", limit = 3 });
        page.Seqs().ShouldBe([3, 4, 5]);
        page.GetProperty("complete").GetBoolean().ShouldBeFalse();
        alice.Do("history", new { roomId = "r", before = 3 }).Seqs().ShouldBe([1, 2]);
    }

    [Fact]
    public void A_request_is_answered_with_its_handlers_result_or_error()
    {
        using var node = new TestNode();
        node.Requests.Add("add", (caller, payload, _) => new(Answer.Of(new ReplyBody.Json(payload))));
        node.Requests.Add("no", (_, _, _) => new(Answer.Refused(ErrorCode.NotFound, "There is none.")));
        node.Requests.Add("throws", (_, _, _) => throw new InvalidOperationException("bug"));
        node.Requests.Add("fails", async (_, _, _) =>
        {
            await Task.Yield();
            throw new InvalidOperationException("bug");
        });
        var alice = node.Connect("alice");
        alice.Do("add", new { payload = new { a = 1 } }).Number("a").ShouldBe(1);
        alice.Refusal("no").ShouldBe("NOT_FOUND");
        alice.Refusal("throws").ShouldBe("INTERNAL");
        alice.Refusal("fails").ShouldBe("INTERNAL");
        alice.SkipAll();
        alice.Send("""{"type":"add"}""");
        alice.Expect("error").Text("code").ShouldBe("INVALID_MESSAGE");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_handler_that_takes_too_long_is_answered_TIMEOUT_once(bool observesCancellation)
    {
        using var node = new TestNode();
        var never = new TaskCompletionSource<Answer>();
        node.Requests.Add("slow", async (_, _, cancel) =>
        {
            using var registration = cancel.Register(() => { if (observesCancellation) never.TrySetCanceled(cancel); });
            return await never.Task;
        });
        var alice = node.Connect("alice");
        var id = alice.Ask("slow");
        node.Advance(TimeSpan.FromSeconds(29));
        alice.Of("reply").ShouldBeEmpty();
        node.Advance(TimeSpan.FromSeconds(3));
        alice.ReplyTo(id).Code().ShouldBe("TIMEOUT");
        never.TrySetResult(Answer.Done);
        alice.ReplyTo(id).Code().ShouldBe("TIMEOUT");
    }

    [Fact]
    public void A_handler_is_told_when_its_connection_has_ended()
    {
        using var node = new TestNode();
        var cancelled = false;
        node.Requests.Add("slow", (_, _, cancel) =>
        {
            cancel.Register(() => cancelled = true);
            return new(new TaskCompletionSource<Answer>().Task);
        });
        var alice = node.Connect("alice");
        alice.Ask("slow");
        node.Settle();
        alice.Cut();
        cancelled.ShouldBeTrue();
    }

    [Fact]
    public void Admin_commands_need_the_role()
    {
        using var node = new TestNode();
        node.Connect("alice").Refusal("admin_command", new { command = "stats" }).ShouldBe("FORBIDDEN");
        node.Admin.Ran.ShouldBeEmpty();
        node.Connect("root", "admin").Do("admin_command", new { command = "kick", userId = "alice" });
        node.Admin.Ran.Single().User.ShouldBe(new UserId("alice"));
    }

    [Fact]
    public void A_command_without_an_id_has_no_reply()
    {
        using var node = new TestNode();
        var alice = node.Connect("alice");
        alice.SkipAll();
        alice.Send(new { type = "join_room", roomId = "r" });
        alice.Expect("joined_room");
        alice.Expect("message_history");
        alice.Send(new { type = "chat", roomId = "r", message = 1 });
        alice.ExpectNothing();
        alice.Send(new { type = "chat", roomId = "elsewhere", message = 1 });
        var error = alice.Expect("error");
        error.Text("code").ShouldBe("NOT_IN_ROOM");
        error.Text("command").ShouldBe("chat");
    }

    [Fact]
    public void A_room_that_never_answers_is_answered_TIMEOUT()
    {
        var history = new StuckHistory();
        using var node = new TestNode(new TestNodeOptions { History = history });
        var alice = node.Connect("alice");
        alice.Join("r");
        history.Hold();
        var first = alice.Ask("chat", new { roomId = "r", message = 1 });
        node.Advance(TimeSpan.FromSeconds(20));
        var second = alice.Ask("chat", new { roomId = "r", message = 2 });
        node.Advance(TimeSpan.FromSeconds(11));
        alice.ReplyTo(first).Code().ShouldBe("TIMEOUT");
        alice.Of("reply").ShouldNotContain(frame => frame.IsReplyTo(second));
        node.Advance(TimeSpan.FromSeconds(20));
        alice.ReplyTo(second).Code().ShouldBe("TIMEOUT");
        history.Release();
        alice.ReplyTo(first).Code().ShouldBe("TIMEOUT");
        alice.Do("history", new { roomId = "r" }).Seqs().ShouldBe([1, 2]);
    }

    [Fact]
    public void A_store_that_hangs_does_not_end_the_connections_of_patient_clients()
    {
        var history = new StuckHistory();
        using var node = new TestNode(new TestNodeOptions { History = history, Limits = new Actors.Connections.LimitOptions { CommandsPerSecond = 0 } });
        var alice = node.Connect("alice");
        alice.Join("r");
        history.Hold();
        for (var i = 0; i < 100; i++)
            alice.Ask("chat", new { roomId = "r", message = i });
        node.Advance(TimeSpan.FromSeconds(40));
        alice.Closed.ShouldBeNull();
        alice.IsCut.ShouldBeFalse();
        alice.Of("reply").Count(reply => !reply.GetProperty("success").GetBoolean()).ShouldBe(100);
    }
}

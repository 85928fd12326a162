using Verb.Actors.Connections;
using Verb.TestKit.Nodes;

namespace Verb.Actors.Tests.Connections;

public class AuthenticationTests
{
    private static readonly ClientOptions Nobody = new() { MustAuthenticate = true };

    [Fact]
    public void A_user_from_the_handshake_is_welcomed_with_everything_a_client_needs()
    {
        using var node = new TestNode();
        var alice = node.Connect("alice");

        var connected = alice.Expect("connected");
        connected.Text("clientId").ShouldBe("client-1");
        connected.Text("session").ShouldBe("session-client-1");
        connected.Text("node").ShouldBe("node-1");
        connected.Number("serverTime").ShouldBe(node.Now);
        connected.GetProperty("user").Text("id").ShouldBe("alice");
        connected.GetProperty("heartbeat").Number("interval").ShouldBe(30_000);
        connected.GetProperty("heartbeat").Number("timeout").ShouldBe(10_000);
        alice.ExpectNothing();
    }

    [Fact]
    public void A_client_that_must_authenticate_is_asked_to_and_may_do_nothing_before()
    {
        using var node = new TestNode();
        var client = node.Connect(Nobody);

        client.Expect("connected").GetProperty("user").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
        client.Expect("auth_required").Number("timeout").ShouldBe(10_000);
        client.ExpectNothing();
    }

    [Theory]
    [InlineData("""{"type":"chat","id":"7","roomId":"r","message":1}""")]
    [InlineData("""{"type":"join_room","id":"7","roomId":"r"}""")]
    [InlineData("""{"type":"leave_room","id":"7","roomId":"r"}""")]
    [InlineData("""{"type":"typing","id":"7","roomId":"r"}""")]
    [InlineData("""{"type":"room_event","id":"7","roomId":"r","event":"e","data":1}""")]
    [InlineData("""{"type":"members","id":"7","roomId":"r"}""")]
    [InlineData("""{"type":"history","id":"7","roomId":"r"}""")]
    [InlineData("""{"type":"private_message","id":"7","targetUserId":"u","message":1}""")]
    [InlineData("""{"type":"inbox_ack","id":"7","seq":1}""")]
    [InlineData("""{"type":"subscribe","id":"7","topic":"t"}""")]
    [InlineData("""{"type":"unsubscribe","id":"7","topic":"t"}""")]
    [InlineData("""{"type":"get_topics","id":"7"}""")]
    [InlineData("""{"type":"publish","id":"7","topic":"t","data":1}""")]
    [InlineData("""{"type":"ping","id":"7"}""")]
    [InlineData("""{"type":"set_username","id":"7","username":"u"}""")]
    [InlineData("""{"type":"file_start","id":"7","name":"n","size":1,"mimeType":"text/plain"}""")]
    [InlineData("""{"type":"file_end","id":"7","uploadId":"u"}""")]
    [InlineData("""{"type":"media","id":"7","roomId":"r"}""")]
    [InlineData("""{"type":"admin_command","id":"7","command":"stats"}""")]
    [InlineData("""{"type":"anything_else","id":"7"}""")]
    public void Before_authentication_every_command_is_refused(string command)
    {
        using var node = new TestNode();
        var client = node.Connect(Nobody);
        client.Send(command);
        client.ReplyTo("7").Code().ShouldBe("AUTH_REQUIRED");
        client.Closed.ShouldBeNull();
    }

    [Fact]
    public void Before_authentication_a_binary_frame_is_refused()
    {
        using var node = new TestNode();
        var client = node.Connect(Nobody);
        client.SkipAll();
        client.Send([0, 0, 0, 0, 1]);
        client.Expect("error").Text("code").ShouldBe("AUTH_REQUIRED");
    }

    [Fact]
    public void A_token_makes_the_client_its_user()
    {
        using var node = new TestNode();
        var client = node.Connect(Nobody);
        client.SkipAll();
        var reply = client.Do("auth", new { token = "alice@3600" });
        reply.GetProperty("user").Text("id").ShouldBe("alice");
        reply.Number("expiresAt").ShouldBe(node.Now + 3_600_000);
        client.Expect("reply");
        var success = client.Expect("auth_success");
        success.GetProperty("user").Text("role").ShouldBe("user");
        success.Number("expiresAt").ShouldBe(node.Now + 3_600_000);
        client.Join("lobby");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Commands_sent_right_behind_the_token_are_served(bool slowAuthority)
    {
        using var node = new TestNode();
        if (slowAuthority)
            node.Tokens.Hold();
        var client = node.Connect(Nobody);
        var auth = client.Ask("auth", new { token = "alice" });
        var join = client.Ask("join_room", new { roomId = "lobby" });
        var chat = client.Ask("chat", new { roomId = "lobby", message = "hi" });
        client.Send([9]);
        node.Settle();
        node.Tokens.Release();

        client.ReplyTo(auth).GetProperty("success").GetBoolean().ShouldBeTrue();
        client.ReplyTo(join).GetProperty("success").GetBoolean().ShouldBeTrue();
        client.ReplyTo(chat).GetProperty("data").Number("seq").ShouldBe(1);
        client.Of("error").Single().Text("code").ShouldBe("INVALID_MESSAGE");
        client.Frames.Select(f => f.Type()).Where(type => type != "error").ShouldBe(
            ["connected", "auth_required", "reply", "auth_success", "reply", "joined_room", "message_history", "reply"]);
    }

    [Fact]
    public void Who_does_not_authenticate_in_time_is_told_and_closed_with_4001()
    {
        using var node = new TestNode();
        var client = node.Connect(Nobody);
        client.SkipAll();
        node.Advance(TimeSpan.FromSeconds(9.9));
        client.Closed.ShouldBeNull();
        node.Advance(TimeSpan.FromSeconds(0.2));
        client.Expect("auth_timeout").Text("message").ShouldNotBeEmpty();
        client.Closed!.Value.Code.ShouldBe((ushort)4001);
    }

    [Fact]
    public void Who_authenticates_in_time_is_not_closed_later()
    {
        using var node = new TestNode();
        var client = node.Connect(Nobody);
        client.Do("auth", new { token = "alice" });
        node.Advance(TimeSpan.FromSeconds(60));
        client.Closed.ShouldBeNull();
    }

    [Fact]
    public void A_bad_token_is_told_and_closes_with_4002()
    {
        using var node = new TestNode();
        var client = node.Connect(Nobody);
        client.SkipAll();
        client.Refusal("auth", new { token = "bad" }).ShouldBe("AUTH_FAILED");
        client.Expect("reply");
        client.Expect("auth_failed").Text("message").ShouldBe("The token is bad.");
        client.Closed!.Value.Code.ShouldBe((ushort)4002);
    }

    [Fact]
    public void An_authority_that_fails_refuses_the_token()
    {
        using var node = new TestNode(new TestNodeOptions { Authenticator = new BrokenAuthority() });
        var client = node.Connect(Nobody);
        client.SkipAll();
        client.Send("""{"type":"auth","token":"t"}""");
        client.Expect("error").Text("code").ShouldBe("AUTH_FAILED");
        client.Expect("auth_failed");
        client.Closed!.Value.Code.ShouldBe((ushort)4002);
    }

    [Fact]
    public void A_bad_token_of_the_handshake_is_told_and_closes_with_4002()
    {
        using var node = new TestNode();
        var client = node.Connect(new ClientOptions { TokenRefusal = "The token has expired." });
        client.Expect("auth_failed").Text("message").ShouldBe("The token has expired.");
        client.ExpectNothing();
        client.Closed!.Value.Code.ShouldBe((ushort)4002);
        node.Node.Connections.Count.ShouldBe(0);
    }

    [Fact]
    public void An_expiring_token_is_announced_a_minute_ahead_and_then_closes_with_4002()
    {
        using var node = new TestNode();
        var client = node.Connect(new ClientOptions { User = "alice", ExpiresIn = TimeSpan.FromMinutes(10) });
        var expiresAt = node.Now + 600_000;
        client.SkipAll();
        node.Advance(TimeSpan.FromSeconds(539));
        client.ExpectNothing();
        node.Advance(TimeSpan.FromSeconds(2));
        client.Expect("auth_expiring").Number("expiresAt").ShouldBe(expiresAt);
        client.Closed.ShouldBeNull();
        node.Advance(TimeSpan.FromSeconds(60));
        client.Closed!.Value.Code.ShouldBe((ushort)4002);
    }

    [Fact]
    public void A_renewed_token_counts_from_then_on_and_brings_its_roles_to_the_rooms()
    {
        using var node = new TestNode();
        var client = node.Connect(new ClientOptions { User = "alice", ExpiresIn = TimeSpan.FromMinutes(10) });
        client.Join("lobby");
        client.Do("auth", new { token = "alice:admin@3600" });
        client.Expect("reply");
        client.Expect("auth_success").GetProperty("user").Text("role").ShouldBe("admin");
        node.Advance(TimeSpan.FromMinutes(30));
        client.Closed.ShouldBeNull();
        client.Do("members", new { roomId = "lobby" }).GetProperty("members")[0].Text("role").ShouldBe("admin");
        node.Advance(TimeSpan.FromMinutes(31));
        client.Closed!.Value.Code.ShouldBe((ushort)4002);
    }

    [Fact]
    public void A_token_that_expires_in_the_far_future_is_a_token_like_any_other()
    {
        using var node = new TestNode();
        var client = node.Connect(Nobody);
        client.Do("auth", new { token = "alice@9000000000000000" });
        node.Advance(TimeSpan.FromDays(1));
        client.Closed.ShouldBeNull();
        client.Of("auth_expiring").ShouldBeEmpty();
    }

    [Fact]
    public void Another_users_token_is_refused_and_the_socket_stays()
    {
        using var node = new TestNode();
        var alice = node.Connect("alice");
        alice.Refusal("auth", new { token = "bob" }).ShouldBe("AUTH_FAILED");
        alice.Closed.ShouldBeNull();
        alice.Join("lobby");
        alice.Do("members", new { roomId = "lobby" }).GetProperty("members")[0].Text("id").ShouldBe("alice");
    }

    [Fact]
    public void An_anonymous_user_in_a_room_leaves_it_before_authenticating()
    {
        using var node = new TestNode();
        var guest = node.ConnectAnonymously();
        guest.Join("lobby");
        guest.Refusal("auth", new { token = "alice" }).ShouldBe("AUTH_FAILED");
        guest.Closed.ShouldBeNull();
        guest.Do("leave_room", new { roomId = "lobby" });
        guest.Do("auth", new { token = "alice" });
        guest.Of("auth_success").Count.ShouldBe(1);
    }

    [Fact]
    public void An_anonymous_user_whom_a_room_refused_may_authenticate()
    {
        using var node = new TestNode(new TestNodeOptions
        {
            Rooms = new([("staff", new Actors.Rooms.RoomPolicy { JoinRoles = ["staff"] })], new()),
        });
        var guest = node.ConnectAnonymously();
        guest.Refusal("join_room", new { roomId = "staff" }).ShouldBe("FORBIDDEN");
        guest.Do("auth", new { token = "alice:staff" });
        guest.Do("join_room", new { roomId = "staff" });
    }

    [Fact]
    public void A_room_joined_while_the_token_was_checked_keeps_the_user_anonymous()
    {
        using var node = new TestNode();
        var guest = node.ConnectAnonymously();
        node.Settle();
        node.Tokens.Hold();
        var join = guest.Ask("join_room", new { roomId = "lobby" });
        var auth = guest.Ask("auth", new { token = "alice" });
        var chat = guest.Ask("chat", new { roomId = "lobby", message = 1 });
        node.Settle();
        node.Tokens.Release();
        guest.ReplyTo(join).GetProperty("success").GetBoolean().ShouldBeTrue();
        guest.ReplyTo(auth).Code().ShouldBe("AUTH_FAILED");
        guest.ReplyTo(chat).GetProperty("success").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public void A_token_sent_before_the_anonymous_welcome_still_brings_its_own_success()
    {
        for (var seed = 1; seed <= 30; seed++)
        {
            using var node = new TestNode(new TestNodeOptions { Seed = seed });
            var guest = node.ConnectAnonymously();
            var auth = guest.Ask("auth", new { token = "alice" });
            var join = guest.Ask("join_room", new { roomId = "lobby" });
            guest.ReplyTo(auth).GetProperty("success").GetBoolean().ShouldBeTrue();
            guest.ReplyTo(join).GetProperty("success").GetBoolean().ShouldBeTrue();
            guest.Of("connected").Single().GetProperty("user").Text("role").ShouldBe("anonymous");
            guest.Of("auth_success").Single().GetProperty("user").Text("id").ShouldBe("alice");
        }
    }

    [Fact]
    public void A_route_that_takes_no_tokens_says_so()
    {
        using var node = new TestNode();
        var guest = node.Connect(new ClientOptions { TakesTokens = false });
        guest.Refusal("auth", new { token = "alice" }).ShouldBe("AUTH_FAILED");
        guest.Closed.ShouldBeNull();
    }

    [Fact]
    public void An_anonymous_users_name_reaches_the_rooms()
    {
        using var node = new TestNode();
        var guest = node.ConnectAnonymously();
        var alice = node.Connect("alice");
        alice.Join("lobby");
        guest.Join("lobby");
        alice.SkipAll();

        guest.Do("set_username", new { username = "Zoë" }).Text("username").ShouldBe("Zoë");
        guest.Expect("reply");
        guest.Expect("username_set").Text("username").ShouldBe("Zoë");
        guest.Do("chat", new { roomId = "lobby", message = 1 });
        alice.Expect("chat").GetProperty("user").Text("username").ShouldBe("Zoë");
        alice.Do("members", new { roomId = "lobby" }).GetProperty("members").EnumerateArray()
            .ShouldContain(user => user.Text("username") == "Zoë");
    }

    [Fact]
    public void A_user_with_a_token_is_named_by_the_token()
    {
        using var node = new TestNode();
        node.Connect("alice").Refusal("set_username", new { username = "bob" }).ShouldBe("FORBIDDEN");
    }

    private sealed class BrokenAuthority : IAuthenticator
    {
        public async ValueTask<AuthenticationResult> Authenticate(string token, CancellationToken cancellation)
        {
            await Task.Yield();
            throw new InvalidOperationException("broken");
        }
    }
}

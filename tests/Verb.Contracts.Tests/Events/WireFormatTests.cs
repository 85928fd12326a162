using System.Text;
using System.Text.Json;

namespace Verb.Contracts.Tests.Events;

public sealed class WireFormatTests
{
    private static readonly User Ada = new(new UserId("u1"), "Ada", "user");
    private static readonly RoomId Room = new("r");
    private static readonly TopicName Topic = new("t");
    private static readonly HistoryMessage Message = new(1, "m", Ada, Json("{\"a\":1}"), 5);

    [Fact]
    public void Every_event_has_its_fields()
    {
        const string User = """{"id":"u1","username":"Ada","role":"user"}""";
        Event(new ServerEvent.Connected("c", "s", "n", 5, null, 30, 10),
            """{"type":"connected","clientId":"c","session":"s","node":"n","serverTime":5,"user":null,"heartbeat":{"interval":30,"timeout":10}}""");
        Event(new ServerEvent.Connected("c", "s", "n", 5, Ada, 30, 10),
            $$$"""{"type":"connected","clientId":"c","session":"s","node":"n","serverTime":5,"user":{{{User}}},"heartbeat":{"interval":30,"timeout":10}}""");
        Event(new ServerEvent.AuthRequired(10), """{"type":"auth_required","timeout":10}""");
        Event(new ServerEvent.AuthSuccess(Ada, null), $$$"""{"type":"auth_success","user":{{{User}}}}""");
        Event(new ServerEvent.AuthSuccess(Ada, 7), $$$"""{"type":"auth_success","user":{{{User}}},"expiresAt":7}""");
        Event(new ServerEvent.AuthFailed("no"), """{"type":"auth_failed","message":"no"}""");
        Event(new ServerEvent.AuthTimeout("late"), """{"type":"auth_timeout","message":"late"}""");
        Event(new ServerEvent.AuthExpiring(7), """{"type":"auth_expiring","expiresAt":7}""");
        Event(new ServerEvent.UsernameSet("Ada"), """{"type":"username_set","username":"Ada"}""");
        Event(new ServerEvent.Pong(Json("1.0"), 5), """{"type":"pong","timestamp":1.0,"serverTime":5}""");
        Event(new ServerEvent.Pong(default, 5), """{"type":"pong","serverTime":5}""");
        Event(new ServerEvent.JoinedRoom(Room, 2, "e", 3, true), """{"type":"joined_room","roomId":"r","userCount":2,"epoch":"e","seq":3,"recovered":true}""");
        Event(new ServerEvent.JoinedRoom(Room, 2, "e", 3, null), """{"type":"joined_room","roomId":"r","userCount":2,"epoch":"e","seq":3}""");
        Event(new ServerEvent.MessageHistory(Room, "e", false, true, [Message]),
            $$$"""{"type":"message_history","roomId":"r","epoch":"e","recovered":false,"more":true,"messages":[{"seq":1,"messageId":"m","user":{{{User}}},"message":{"a":1},"timestamp":5}]}""");
        Event(new ServerEvent.MessageHistory(Room, "e", null, false, []), """{"type":"message_history","roomId":"r","epoch":"e","messages":[]}""");
        Event(new ServerEvent.LeftRoom(Room), """{"type":"left_room","roomId":"r"}""");
        Event(new ServerEvent.UserJoined(Room, Ada, 2), $$$"""{"type":"user_joined","roomId":"r","user":{{{User}}},"userCount":2}""");
        Event(new ServerEvent.UserLeft(Room, Ada, 1), $$$"""{"type":"user_left","roomId":"r","user":{{{User}}},"userCount":1}""");
        Event(new ServerEvent.RoomPresence(Room, 300), """{"type":"room_presence","roomId":"r","userCount":300}""");
        Event(new ServerEvent.Chat(Room, 1, "e", "m", Ada, Json("\"hi\""), 5),
            $$$"""{"type":"chat","roomId":"r","seq":1,"epoch":"e","messageId":"m","user":{{{User}}},"message":"hi","timestamp":5}""");
        Event(new ServerEvent.UserTyping(Room, Ada), $$$"""{"type":"user_typing","roomId":"r","user":{{{User}}}}""");
        Event(new ServerEvent.RoomEvent(Room, "move", Ada, Json("null"), 5),
            $$$"""{"type":"room_event","roomId":"r","event":"move","user":{{{User}}},"data":null,"timestamp":5}""");
        Event(new ServerEvent.PrivateMessage("m", 1, Ada, Json("1"), 5),
            $$$"""{"type":"private_message","messageId":"m","seq":1,"from":{{{User}}},"message":1,"timestamp":5}""");
        Event(new ServerEvent.Subscribed(Topic), """{"type":"subscribed","topic":"t"}""");
        Event(new ServerEvent.Unsubscribed(Topic), """{"type":"unsubscribed","topic":"t"}""");
        Event(new ServerEvent.Topics([Topic, new TopicName("x")]), """{"type":"topics","topics":["t","x"]}""");
        Event(new ServerEvent.TopicUpdate(Topic, 1, Json("[1]"), 5), """{"type":"data","topic":"t","seq":1,"data":[1],"timestamp":5}""");
        Event(new ServerEvent.StockUpdate("A", Json("0"), Json("-1.5"), 1, 5), """{"type":"stock_update","symbol":"A","price":0,"change":-1.5,"seq":1,"timestamp":5}""");
        Event(new ServerEvent.StockUpdate("A", Json("0"), default, 1, 5), """{"type":"stock_update","symbol":"A","price":0,"seq":1,"timestamp":5}""");
        Event(new ServerEvent.FileUploaded("u", "f", 1, "ab", "/x"), """{"type":"file_uploaded","uploadId":"u","filename":"f","size":1,"sha256":"ab","url":"/x"}""");
        Event(new ServerEvent.Error(new CommandError(ErrorCode.RateLimited, "slow", 20), "chat"),
            """{"type":"error","code":"RATE_LIMITED","message":"slow","retryAfter":20,"command":"chat"}""");
        Event(new ServerEvent.Error(new CommandError(ErrorCode.InvalidJson, "bad"), null), """{"type":"error","code":"INVALID_JSON","message":"bad"}""");
        Event(new ServerEvent.ServerShutdown("bye", 1000), """{"type":"server_shutdown","message":"bye","reconnectAfter":1000}""");
    }

    [Fact]
    public void A_bodys_fields_stand_beside_the_hubs_own_which_win()
    {
        Event(new ServerEvent.Notification("m", 1, Json("{}"), 5), """{"type":"notification","messageId":"m","seq":1,"timestamp":5}""");
        Event(new ServerEvent.Notification("m", 1, Json(""" { "title" : "hi", "seq":9, "\u0074ype":"x", "timestamp":0, "n":[ 1 ] } """), 5),
            """{"type":"notification","messageId":"m","seq":1,"title" : "hi","n":[ 1 ],"timestamp":5}""");
        Event(new ServerEvent.Broadcast(Json("""{"seq":9,"type":"x","a":null}"""), 5), """{"type":"broadcast","seq":9,"a":null,"timestamp":5}""");
    }

    [Fact]
    public void A_body_with_hostile_names_is_written_as_it_came() =>
        Event(new ServerEvent.Broadcast(Json("""{"\ud800":"\udc00","":1,"a\"b":{"type":2}}"""), 5),
            """{"type":"broadcast","\ud800":"\udc00","":1,"a\"b":{"type":2},"timestamp":5}""");

    [Fact]
    public void Every_reply_has_its_data()
    {
        const string User = """{"id":"u1","username":"Ada","role":"user"}""";
        Body(ReplyBody.Empty.Instance, "{}");
        Body(new ReplyBody.Authenticated(Ada, 7), $$$"""{"user":{{{User}}},"expiresAt":7}""");
        Body(new ReplyBody.Authenticated(Ada, null), $$$"""{"user":{{{User}}}}""");
        Body(new ReplyBody.Named("Ada"), """{"username":"Ada"}""");
        Body(new ReplyBody.Pong(Json("1"), 5), """{"timestamp":1,"serverTime":5}""");
        Body(new ReplyBody.Joined(Room, 1, "e", 0, false), """{"roomId":"r","userCount":1,"epoch":"e","seq":0,"recovered":false}""");
        Body(new ReplyBody.Left(Room), """{"roomId":"r"}""");
        Body(new ReplyBody.Published(Room, 42, "k3f9", "m", 5), """{"roomId":"r","seq":42,"epoch":"k3f9","messageId":"m","timestamp":5}""");
        Body(new ReplyBody.MemberPage(Room, 2, [Ada], true), $$$"""{"roomId":"r","userCount":2,"members":[{{{User}}}],"more":true}""");
        Body(new ReplyBody.MemberPage(Room, 0, [], false), """{"roomId":"r","userCount":0,"members":[]}""");
        Body(new ReplyBody.HistoryPage(Room, "e", [Message], true),
            $$$"""{"roomId":"r","epoch":"e","messages":[{"seq":1,"messageId":"m","user":{{{User}}},"message":{"a":1},"timestamp":5}],"complete":true}""");
        Body(new ReplyBody.Delivered("m", true), """{"messageId":"m","status":"delivered"}""");
        Body(new ReplyBody.Delivered("m", false), """{"messageId":"m","status":"queued"}""");
        Body(new ReplyBody.Acknowledged(3), """{"seq":3}""");
        Body(new ReplyBody.OfTopic(Topic), """{"topic":"t"}""");
        Body(new ReplyBody.Topics([]), """{"topics":[]}""");
        Body(new ReplyBody.TopicPublished(Topic, 3), """{"topic":"t","seq":3}""");
        Body(new ReplyBody.UploadStarted("u", 65536), """{"uploadId":"u","chunkSize":65536}""");
        Body(new ReplyBody.Uploaded("u", "f", 1, "ab", "/x"), """{"uploadId":"u","filename":"f","size":1,"sha256":"ab","url":"/x"}""");
        Body(new ReplyBody.RoomState(Room, 1, "e", 2), """{"roomId":"r","userCount":1,"epoch":"e","seq":2}""");
        Body(new ReplyBody.Json(Json("[null]")), "[null]");
    }

    [Fact]
    public void A_reply_carries_its_id_and_success_or_its_error()
    {
        Text(WireFormat.Reply("7", new ReplyBody.Left(Room))).ShouldBe("""{"type":"reply","id":"7","success":true,"data":{"roomId":"r"}}""");
        Text(WireFormat.Reply("8", new CommandError(ErrorCode.Forbidden, "Room 'staff' needs the role 'staff'.")))
            .ShouldBe("""{"type":"reply","id":"8","success":false,"error":{"code":"FORBIDDEN","message":"Room 'staff' needs the role 'staff'."}}""");
        Text(WireFormat.Reply("9", CommandError.Overloaded)).ShouldContain("\"retryAfter\":1000");
    }

    [Fact]
    public void Every_code_has_its_wire_name()
    {
        Enum.GetValues<ErrorCode>().Select(code => code.WireName()).ShouldBe(
        [
            "INVALID_JSON", "INVALID_MESSAGE", "UNKNOWN_TYPE", "AUTH_REQUIRED", "AUTH_FAILED", "FORBIDDEN", "NOT_IN_ROOM", "NOT_SUBSCRIBED",
            "NOT_FOUND", "RATE_LIMITED", "OVERLOADED", "PAYLOAD_TOO_LARGE", "TIMEOUT", "INTERNAL",
        ]);
    }

    [Fact]
    public void Texts_come_back_as_they_went_in_whatever_they_hold()
    {
        for (var seed = 0; seed < 10_000; seed++)
        {
            var text = Draw(new Random(seed));
            using var read = JsonDocument.Parse(WireFormat.Event(new ServerEvent.Error(new CommandError(ErrorCode.Internal, text), text)));
            read.RootElement.GetProperty("message").GetString().ShouldBe(text, $"seed {seed}");
            read.RootElement.GetProperty("command").GetString().ShouldBe(text, $"seed {seed}");
        }
    }

    [Fact]
    public void A_message_that_was_read_is_written_byte_for_byte()
    {
        for (var seed = 0; seed < 2_000; seed++)
        {
            var json = JsonSerializer.Serialize(new { a = Draw(new Random(seed)), b = new[] { seed } });
            var chat = (Command.Chat)CommandReader.Read(Encoding.UTF8.GetBytes("{\"type\":\"chat\",\"roomId\":\"r\",\"message\":" + json + "}")).Command!;
            Text(WireFormat.Event(new ServerEvent.Chat(chat.Room, 1, "e", "m", Ada, chat.Message, 5))).ShouldContain("\"message\":" + json + ",");
        }
    }

    [Fact]
    public void A_large_event_is_whole_and_the_next_one_is_too()
    {
        var large = Json("\"" + new string('x', 300_000) + "\"");
        WireFormat.Body(new ReplyBody.Json(large)).Length.ShouldBe(large.Length);
        Body(new ReplyBody.Left(Room), """{"roomId":"r"}""");
    }

    [Fact]
    public void A_writing_that_failed_leaves_nothing_behind()
    {
        Should.Throw<JsonException>(() => WireFormat.Event(new ServerEvent.Broadcast(Json("{\"a\":"), 5)));
        Body(new ReplyBody.Left(Room), """{"roomId":"r"}""");
    }

    private static string Draw(Random random)
    {
        var text = new StringBuilder();
        for (var length = random.Next(20); length > 0; length--)
        {
            var rune = random.Next(4) switch { 0 => random.Next(0x20), 1 => random.Next(0x80), 2 => random.Next(0xD800), _ => random.Next(0xE000, 0x110000) };
            text.Append(new Rune(rune).ToString());
        }

        return text.ToString();
    }

    private static void Event(ServerEvent serverEvent, string json) => Text(WireFormat.Event(serverEvent)).ShouldBe(json);

    private static void Body(ReplyBody body, string json) => Text(WireFormat.Body(body)).ShouldBe(json);

    private static ReadOnlyMemory<byte> Json(string json) => Encoding.UTF8.GetBytes(json);

    private static string Text(byte[] json) => Encoding.UTF8.GetString(json);
}

using System.Text;

namespace Verb.Contracts.Tests.Commands;

public sealed class CommandReaderTests
{
    [Fact]
    public void Auth() => Read<Command.Authenticate>("""{"type":"auth","id":"1","token":"a.b.c"}""").ShouldBe(new("1", "a.b.c"));

    [Fact]
    public void A_token_does_not_show_itself() => new Command.Authenticate("1", "hunter2").ToString().ShouldNotContain("hunter2");

    [Fact]
    public void Set_username() => Read<Command.SetUsername>("""{"type":"set_username","username":"Ada"}""").ShouldBe(new(null, "Ada"));

    [Fact]
    public void Ping()
    {
        Text(Read<Command.Ping>("""{"type":"ping","timestamp":1.50e3}""").Timestamp).ShouldBe("1.50e3");
        Read<Command.Ping>("""{"type":"ping"}""").Timestamp.IsEmpty.ShouldBeTrue();
        Read<Command.Ping>("""{"type":"ping","timestamp":null}""").Timestamp.IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public void Join_room()
    {
        Read<Command.JoinRoom>("""{"type":"join_room","roomId":"r"}""").ShouldBe(new(null, new RoomId("r"), null, false));
        Read<Command.JoinRoom>("""{"type":"join_room","id":"7","roomId":"r","since":{"epoch":"e","seq":0,"more":[1]},"echo":true}""")
            .ShouldBe(new("7", new RoomId("r"), new Position("e", 0), true));
    }

    [Fact]
    public void Leave_room() => Read<Command.LeaveRoom>("""{"type":"leave_room","roomId":"r"}""").Room.Value.ShouldBe("r");

    [Fact]
    public void Chat_keeps_its_message_as_the_bytes_that_came()
    {
        foreach (var json in new[] { "null", "\"\\u0041 \\ud800\"", "1e400", "[ 1 , {\"a\" : 2} ]", "{\"type\":\"chat\",\"roomId\":5}", "\"ä😀\"" })
        {
            var chat = Read<Command.Chat>("{\"message\": " + json + " ,\"type\":\"chat\",\"roomId\":\"r\",\"messageId\":\"m\"}");
            Text(chat.Message).ShouldBe(json);
            chat.MessageId.ShouldBe("m");
        }

        Read<Command.Chat>("""{"type":"chat","roomId":"r","message":1}""").MessageId.ShouldBeNull();
    }

    [Fact]
    public void Typing() => Read<Command.Typing>("""{"type":"typing","roomId":"r"}""").Room.Value.ShouldBe("r");

    [Fact]
    public void Room_event()
    {
        var command = Read<Command.SendRoomEvent>("""{"type":"room_event","roomId":"r","event":"move","data":{"x":1}}""");
        (command.Room.Value, command.Event, Text(command.Body)).ShouldBe(("r", "move", """{"x":1}"""));
    }

    [Fact]
    public void Members()
    {
        Read<Command.Members>("""{"type":"members","roomId":"r"}""").ShouldBe(new(null, new RoomId("r"), null, 500));
        Read<Command.Members>("""{"type":"members","roomId":"r","after":"u","limit":2}""").ShouldBe(new(null, new RoomId("r"), "u", 2));
    }

    [Fact]
    public void History()
    {
        Read<Command.History>("""{"type":"history","roomId":"r"}""").ShouldBe(new(null, new RoomId("r"), null, null, 20));
        Read<Command.History>("""{"type":"history","roomId":"r","since":{"seq":9223372036854775807,"epoch":"e"},"limit":1000}""")
            .ShouldBe(new(null, new RoomId("r"), new Position("e", long.MaxValue), null, 1000));
        Read<Command.History>("""{"type":"history","roomId":"r","before":1}""").Before.ShouldBe(1);
    }

    [Fact]
    public void Private_message()
    {
        var command = Read<Command.SendPrivateMessage>("""{"type":"private_message","targetUserId":"u","message":"hi","messageId":"m"}""");
        (command.Target.Value, Text(command.Message), command.MessageId).ShouldBe(("u", "\"hi\"", "m"));
    }

    [Fact]
    public void Inbox_ack() => Read<Command.InboxAck>("""{"type":"inbox_ack","seq":0}""").Seq.ShouldBe(0);

    [Fact]
    public void Subscribe_unsubscribe_and_get_topics()
    {
        Read<Command.Subscribe>("""{"type":"subscribe","topic":"t"}""").Topic.Value.ShouldBe("t");
        Read<Command.Subscribe>("""{"type":"subscribe","symbol":"AAPL"}""").Topic.Value.ShouldBe("stocks/AAPL");
        Read<Command.Unsubscribe>("""{"type":"unsubscribe","symbol":"AAPL"}""").Topic.Value.ShouldBe("stocks/AAPL");
        Read<Command.GetTopics>("""{"type":"get_topics","id":"1"}""").Id.ShouldBe("1");
    }

    [Fact]
    public void Publish()
    {
        var command = Read<Command.Publish>("""{"type":"publish","topic":"t","data":null}""");
        (command.Topic.Value, Text(command.Body)).ShouldBe(("t", "null"));
    }

    [Fact]
    public void File_start_and_file_end()
    {
        Read<Command.FileStart>("""{"type":"file_start","name":"a.txt","size":0,"mimeType":"text/plain","roomId":"r"}""")
            .ShouldBe(new(null, "a.txt", 0, "text/plain", new RoomId("r")));
        Read<Command.FileStart>("""{"type":"file_start","name":"a","size":1,"mimeType":"x"}""").Room.ShouldBeNull();
        Read<Command.FileStart>("""{"type":"file_start","name":"a","size":1,"mimeType":"x"}""").ChunkSize.ShouldBeNull();
        Read<Command.FileStart>("""{"type":"file_start","name":"a","size":1,"mimeType":"x","chunkSize":1024}""").ChunkSize.ShouldBe(1024);
        Read<Command.FileStart>("""{"type":"file_start","name":"a","size":1,"mimeType":"x","chunkSize":2147483647}""").ChunkSize.ShouldBe(int.MaxValue);
        Read<Command.FileEnd>("""{"type":"file_end","uploadId":"u"}""").UploadId.ShouldBe("u");
    }

    [Fact]
    public void Media() => Read<Command.Media>("""{"type":"media","roomId":"r"}""").Room.Value.ShouldBe("r");

    [Fact]
    public void Admin_command_keeps_the_whole_frame()
    {
        const string Frame = """{"type":"admin_command","command":"kick","userId":"u","extra":1}""";
        var command = Read<Command.Admin>(Frame);
        (command.Name, command.User!.Value.Value, command.Room, Text(command.Frame)).ShouldBe(("kick", "u", null, Frame));
    }

    [Fact]
    public void Any_other_type_is_a_request()
    {
        var command = Read<Command.Request>("""{"type":"quote","id":"1","payload":{"a":1}}""");
        (command.Name, command.Type, Text(command.Payload)).ShouldBe(("quote", "quote", """{"a":1}"""));
        Text(Read<Command.Request>("""{"type":"Chat"}""").Payload).ShouldBe("null");
    }

    [Fact]
    public void Unknown_fields_are_ignored_even_twice_and_whatever_their_names() =>
        Read<Command.LeaveRoom>("""{"x":1,"x":[{}],"":0,"\ud800":1,"type":"leave_room","ROOMID":5,"roomId":"r","token":7}""").Room.Value.ShouldBe("r");

    [Fact]
    public void Field_names_and_types_may_be_escaped() =>
        Read<Command.LeaveRoom>("""{"\u0074ype":"leave\u005froom","r\u006fomId":"\u0072"}""").Room.Value.ShouldBe("r");

    [Fact]
    public void White_space_may_stand_anywhere_between_tokens() =>
        Read<Command.LeaveRoom>(" \r\n\t{ \"type\" : \"leave_room\" ,\n\"roomId\"\t:\"r\" } \n").Room.Value.ShouldBe("r");

    [Fact]
    public void A_command_holds_no_reference_to_its_frame()
    {
        var frame = """{"type":"chat","roomId":"r","message":"abc"}"""u8.ToArray();
        var chat = (Command.Chat)CommandReader.Read(frame).Command!;
        Array.Clear(frame);
        Text(chat.Message).ShouldBe("\"abc\"");
    }

    private static T Read<T>(string frame)
        where T : Command
    {
        var parsed = CommandReader.Read(Encoding.UTF8.GetBytes(frame));
        parsed.Error.ShouldBeNull(frame);
        parsed.Id.ShouldBe(parsed.Command!.Id);
        parsed.Type.ShouldBe(parsed.Command.Type);
        return parsed.Command.ShouldBeOfType<T>();
    }

    private static string Text(ReadOnlyMemory<byte> json) => Encoding.UTF8.GetString(json.Span);
}

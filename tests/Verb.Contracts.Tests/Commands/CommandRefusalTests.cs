using System.Text;

namespace Verb.Contracts.Tests.Commands;

public sealed class CommandRefusalTests
{
    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("{")]
    [InlineData("}")]
    [InlineData("{}}")]
    [InlineData("{} {}")]
    [InlineData("""{"type":"ping"}x""")]
    [InlineData("""{"type":"ping"}{"type":"ping"}""")]
    [InlineData("""{"type":"ping",}""")]
    [InlineData("""{"type":"ping" "id":"1"}""")]
    [InlineData("""{'type':'ping'}""")]
    [InlineData("""{type:"ping"}""")]
    [InlineData("""{"type":"ping"/* no */}""")]
    [InlineData("""{"type":"ping\x41"}""")]
    [InlineData("""{"type":"ping","timestamp":01}""")]
    [InlineData("""{"type":"ping","timestamp":NaN}""")]
    [InlineData("""{"type":"ping","timestamp":1""")]
    [InlineData("""{"type":"chat","roomId":"r","message":[1}""")]
    [InlineData("{\"type\":\"pi\0ng\"}")]
    [InlineData("{\"type\":\"pi\nng\"}")]
    [InlineData("\ufeff{\"type\":\"ping\"}")]
    [InlineData("null")]
    [InlineData("true")]
    [InlineData("5")]
    [InlineData("\"ping\"")]
    [InlineData("[]")]
    [InlineData("[{\"type\":\"ping\"}]")]
    [InlineData("[] []")]
    [InlineData("5 5")]
    public void What_is_not_exactly_one_json_object_is_invalid_json(string frame) => Read(frame).Code.ShouldBe(ErrorCode.InvalidJson);

    [Fact]
    public void A_frame_that_is_not_utf8_is_invalid_json()
    {
        foreach (var bytes in new byte[][] { [0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xC3] })
        {
            byte[] frame = [.. """{"type":"chat","roomId":"r","message":" """u8[..^1], .. bytes, .. "\"}"u8];
            CommandReader.Read(frame).Error.ShouldNotBeNull(Convert.ToHexString(bytes)).Code.ShouldBe(ErrorCode.InvalidJson);
        }
    }

    [Fact]
    public void Json_deeper_than_64_levels_is_invalid_json()
    {
        Frame(63).Command.ShouldNotBeNull();
        Frame(64).Error!.Code.ShouldBe(ErrorCode.InvalidJson);
        Frame(30_000).Error!.Code.ShouldBe(ErrorCode.InvalidJson);

        static ParsedCommand Frame(int depth) => CommandReader.Read(Encoding.UTF8.GetBytes(
            "{\"type\":\"chat\",\"roomId\":\"r\",\"message\":" + new string('[', depth) + new string(']', depth) + "}"));
    }

    public static TheoryData<string, string> Missing => new()
    {
        { "{}", "type" },
        { """{"id":"1"}""", "type" },
        { """{"type":null}""", "type" },
        { """{"type":"auth"}""", "token" },
        { """{"type":"auth","token":null}""", "token" },
        { """{"type":"set_username"}""", "username" },
        { """{"type":"join_room"}""", "roomId" },
        { """{"type":"join_room","roomId":"r","since":{"seq":1}}""", "epoch" },
        { """{"type":"join_room","roomId":"r","since":{"epoch":"e"}}""", "seq" },
        { """{"type":"leave_room"}""", "roomId" },
        { """{"type":"chat","message":1}""", "roomId" },
        { """{"type":"chat","roomId":"r"}""", "message" },
        { """{"type":"typing"}""", "roomId" },
        { """{"type":"room_event","event":"e","data":1}""", "roomId" },
        { """{"type":"room_event","roomId":"r","data":1}""", "event" },
        { """{"type":"room_event","roomId":"r","event":"e"}""", "data" },
        { """{"type":"members"}""", "roomId" },
        { """{"type":"history"}""", "roomId" },
        { """{"type":"private_message","message":1}""", "targetUserId" },
        { """{"type":"private_message","targetUserId":"u"}""", "message" },
        { """{"type":"inbox_ack"}""", "seq" },
        { """{"type":"subscribe"}""", "topic" },
        { """{"type":"unsubscribe"}""", "topic" },
        { """{"type":"publish","data":1}""", "topic" },
        { """{"type":"publish","topic":"t"}""", "data" },
        { """{"type":"file_start","size":1,"mimeType":"a"}""", "name" },
        { """{"type":"file_start","name":"a","mimeType":"a"}""", "size" },
        { """{"type":"file_start","name":"a","size":1}""", "mimeType" },
        { """{"type":"file_end"}""", "uploadId" },
        { """{"type":"media"}""", "roomId" },
        { """{"type":"admin_command"}""", "command" },
    };

    [Theory]
    [MemberData(nameof(Missing))]
    public void A_missing_field_is_named(string frame, string field) => Named(frame, field, "is missing");

    public static TheoryData<string, string> Wrong => new()
    {
        { """{"type":5}""", "type" },
        { """{"type":["ping"]}""", "type" },
        { """{"type":""}""", "type" },
        { """{"type":"\u0000"}""", "type" },
        { """{"type":"\ud800"}""", "type" },
        { """{"type":"ping","id":1}""", "id" },
        { """{"type":"ping","id":""}""", "id" },
        { """{"type":"ping","id":"\n"}""", "id" },
        { """{"type":"ping","id":"a\udc00"}""", "id" },
        { """{"type":"ping","id":{}}""", "id" },
        { """{"type":"ping","timestamp":"1"}""", "timestamp" },
        { """{"type":"auth","token":5}""", "token" },
        { """{"type":"auth","token":"\ud800"}""", "token" },
        { """{"type":"set_username","username":""}""", "username" },
        { """{"type":"set_username","username":"a\u0007"}""", "username" },
        { """{"type":"set_username","username":true}""", "username" },
        { """{"type":"join_room","roomId":5}""", "roomId" },
        { """{"type":"join_room","roomId":""}""", "roomId" },
        { """{"type":"join_room","roomId":"a\u0000b"}""", "roomId" },
        { """{"type":"join_room","roomId":"\udc00\ud800"}""", "roomId" },
        { """{"type":"join_room","roomId":["r"]}""", "roomId" },
        { """{"type":"join_room","roomId":"r","echo":1}""", "echo" },
        { """{"type":"join_room","roomId":"r","echo":"true"}""", "echo" },
        { """{"type":"join_room","roomId":"r","since":5}""", "since" },
        { """{"type":"join_room","roomId":"r","since":[]}""", "since" },
        { """{"type":"join_room","roomId":"r","since":{"epoch":5,"seq":1}}""", "epoch" },
        { """{"type":"join_room","roomId":"r","since":{"epoch":"","seq":1}}""", "epoch" },
        { """{"type":"join_room","roomId":"r","since":{"epoch":"e","seq":-1}}""", "seq" },
        { """{"type":"join_room","roomId":"r","since":{"epoch":"e","seq":"1"}}""", "seq" },
        { """{"type":"join_room","roomId":"r","since":{"epoch":"e","seq":1.5}}""", "seq" },
        { """{"type":"join_room","roomId":"r","since":{"epoch":"e","seq":9223372036854775808}}""", "seq" },
        { """{"type":"join_room","roomId":"r","since":{"epoch":"e","seq":1,"seq":2}}""", "seq" },
        { """{"type":"chat","roomId":"r","message":1,"messageId":""}""", "messageId" },
        { """{"type":"chat","roomId":"r","message":1,"messageId":7}""", "messageId" },
        { """{"type":"room_event","roomId":"r","event":7,"data":1}""", "event" },
        { """{"type":"members","roomId":"r","limit":0}""", "limit" },
        { """{"type":"members","roomId":"r","limit":501}""", "limit" },
        { """{"type":"members","roomId":"r","limit":"5"}""", "limit" },
        { """{"type":"members","roomId":"r","after":""}""", "after" },
        { """{"type":"history","roomId":"r","limit":1001}""", "limit" },
        { """{"type":"history","roomId":"r","limit":-1}""", "limit" },
        { """{"type":"history","roomId":"r","limit":1e400}""", "limit" },
        { """{"type":"history","roomId":"r","before":0}""", "before" },
        { """{"type":"history","roomId":"r","before":5,"since":{"epoch":"e","seq":1}}""", "before" },
        { """{"type":"private_message","targetUserId":"","message":1}""", "targetUserId" },
        { """{"type":"private_message","targetUserId":5,"message":1}""", "targetUserId" },
        { """{"type":"inbox_ack","seq":-1}""", "seq" },
        { """{"type":"inbox_ack","seq":99999999999999999999}""", "seq" },
        { """{"type":"subscribe","topic":""}""", "topic" },
        { """{"type":"subscribe","topic":{}}""", "topic" },
        { """{"type":"subscribe","symbol":""}""", "symbol" },
        { """{"type":"subscribe","symbol":5}""", "symbol" },
        { """{"type":"subscribe","symbol":"A","topic":"t"}""", "symbol" },
        { """{"type":"publish","topic":5,"data":1}""", "topic" },
        { """{"type":"file_start","name":5,"size":1,"mimeType":"a"}""", "name" },
        { """{"type":"file_start","name":"a","size":-1,"mimeType":"a"}""", "size" },
        { """{"type":"file_start","name":"a","size":1.5,"mimeType":"a"}""", "size" },
        { """{"type":"file_start","name":"a","size":1099511627777,"mimeType":"a"}""", "size" },
        { """{"type":"file_start","name":"a","size":1,"mimeType":[]}""", "mimeType" },
        { """{"type":"file_start","name":"a","size":1,"mimeType":"a","roomId":""}""", "roomId" },
        { """{"type":"file_start","name":"a","size":1,"mimeType":"a","chunkSize":1023}""", "chunkSize" },
        { """{"type":"file_start","name":"a","size":1,"mimeType":"a","chunkSize":2147483648}""", "chunkSize" },
        { """{"type":"file_start","name":"a","size":1,"mimeType":"a","chunkSize":"16384"}""", "chunkSize" },
        { """{"type":"file_end","uploadId":""}""", "uploadId" },
        { """{"type":"media","roomId":7}""", "roomId" },
        { """{"type":"admin_command","command":7}""", "command" },
        { """{"type":"admin_command","command":"kick","userId":""}""", "userId" },
        { """{"type":"admin_command","command":"kick","userId":5}""", "userId" },
        { """{"type":"admin_command","command":"close_room","roomId":5}""", "roomId" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_field_of_the_wrong_type_or_range_is_named(string frame, string field) => Named(frame, field, "");

    [Theory]
    [InlineData("""{"type":"ping","type":"ping"}""", "type")]
    [InlineData("""{"type":"ping","\u0074ype":"auth"}""", "type")]
    [InlineData("""{"type":"ping","id":"1","id":"1"}""", "id")]
    [InlineData("""{"type":"ping","id":null,"id":"1"}""", "id")]
    [InlineData("""{"type":"chat","roomId":"a","roomId":"b","message":1}""", "roomId")]
    [InlineData("""{"type":"chat","roomId":"a","message":1,"message":2}""", "message")]
    public void A_known_field_twice_is_refused(string frame, string field) => Named(frame, field, "appears twice");

    [Fact]
    public void Text_that_is_too_long_is_named()
    {
        var (label, name) = (new string('x', 65), new string('x', 201));
        Named("{\"type\":\"" + label + "\"}", "type", "64");
        Named("{\"type\":\"ping\",\"id\":\"" + label + "\"}", "id", "64");
        Named("{\"type\":\"set_username\",\"username\":\"" + label + "\"}", "username", "64");
        Named("{\"type\":\"join_room\",\"roomId\":\"" + name + "\"}", "roomId", "200");
        Named("{\"type\":\"join_room\",\"roomId\":\"" + new string('ä', 101) + "\"}", "roomId", "200");
        Named("{\"type\":\"join_room\",\"roomId\":\"r\",\"since\":{\"seq\":1,\"epoch\":\"" + label + "\"}}", "epoch", "64");
        Named("{\"type\":\"chat\",\"roomId\":\"r\",\"message\":1,\"messageId\":\"" + label + "\"}", "messageId", "64");
        Named("{\"type\":\"room_event\",\"roomId\":\"r\",\"data\":1,\"event\":\"" + label + "\"}", "event", "64");
        Named("{\"type\":\"members\",\"roomId\":\"r\",\"after\":\"" + name + "\"}", "after", "200");
        Named("{\"type\":\"private_message\",\"message\":1,\"targetUserId\":\"" + name + "\"}", "targetUserId", "200");
        Named("{\"type\":\"subscribe\",\"topic\":\"" + name + "\"}", "topic", "200");
        Named("{\"type\":\"subscribe\",\"symbol\":\"" + name + "\"}", "symbol", "200");
        Named("{\"type\":\"subscribe\",\"symbol\":\"" + new string('x', 195) + "\"}", "symbol", "too long");
        Named("{\"type\":\"file_end\",\"uploadId\":\"" + label + "\"}", "uploadId", "64");
        Named("{\"type\":\"admin_command\",\"command\":\"" + label + "\"}", "command", "64");
    }

    [Fact]
    public void A_refusal_carries_the_id_and_type_that_could_be_read()
    {
        var parsed = CommandReader.Read("""{"type":"chat","id":"7","roomId":5}"""u8);
        (parsed.Id, parsed.Type).ShouldBe(("7", "chat"));

        parsed = CommandReader.Read("""{"type":"chat","id":7}"""u8);
        (parsed.Id, parsed.Type).ShouldBe((null, "chat"));

        parsed = CommandReader.Read("""{"id":"7"}"""u8);
        (parsed.Id, parsed.Type).ShouldBe(("7", null));

        parsed = CommandReader.Read("""{"id":"7","type":"a\u0000"}"""u8);
        (parsed.Id, parsed.Type).ShouldBe(("7", null));
    }

    [Theory]
    [InlineData("{\"type\":\"chat\",\"message\":[1,2,3],\"id\":\"7\"}", "7", "chat")]
    [InlineData("{\"type\":5,\"id\":\"7\"}", "7", null)]
    [InlineData("{\"type\":\"chat\",\"id\":{}}", null, "chat")]
    [InlineData("[\"id\",\"7\"]", null, null)]
    [InlineData("{\"type\":\"chat\",\"id\":\"7\"", "7", "chat")]
    [InlineData("{\"type\":\"chat\",\"id\":\"7\",\"message\":[1,{\"a\":\"b", "7", "chat")]
    [InlineData("{\"type\":\"chat\",\"id\":\"7\",\"message\":\"\u00e4", "7", "chat")]
    [InlineData("{\"type\":\"chat\",\"id\":\"7", null, "chat")]
    [InlineData("{\"type\":\"chat\",\"id\":", null, "chat")]
    [InlineData("{\"type\":\"chat\",\"id\"", null, "chat")]
    [InlineData("{\"type\":\"chat\",no json,\"id\":\"7\"}", null, "chat")]
    [InlineData("", null, null)]
    [InlineData("\"id", null, null)]
    public void A_frame_that_is_too_large_is_refused_with_its_id_and_type_where_they_can_be_read(string frame, string? id, string? type)
    {
        var parsed = CommandReader.RefuseTooLarge(Encoding.UTF8.GetBytes(frame), 10);
        parsed.Error!.Code.ShouldBe(ErrorCode.PayloadTooLarge);
        parsed.Error.Message.ShouldContain("10");
        (parsed.Id, parsed.Type).ShouldBe((id, type));
    }

    [Fact]
    public void A_frame_that_is_too_large_and_not_utf_8_is_refused_all_the_same()
    {
        CommandReader.RefuseTooLarge([(byte)'{', 0xFF], 1).Error!.Code.ShouldBe(ErrorCode.PayloadTooLarge);
        CommandReader.RefuseTooLarge([.. """{"type":"chat","id":"7"""u8, 0xFF, .. "\"}"u8], 1).Id.ShouldBeNull();
        CommandReader.RefuseTooLarge([.. """{"id":"7","message":"x"""u8, 0xC3], 1).Id.ShouldBe("7"); // Cut within a character.
    }

    private static void Named(string frame, string field, string problem)
    {
        var error = Read(frame);
        error.Code.ShouldBe(ErrorCode.InvalidMessage);
        error.Message.ShouldContain($"'{field}'");
        error.Message.ShouldContain(problem);
    }

    private static CommandError Read(string frame)
    {
        var parsed = CommandReader.Read(Encoding.UTF8.GetBytes(frame));
        parsed.Command.ShouldBeNull();
        return parsed.Error.ShouldNotBeNull();
    }
}

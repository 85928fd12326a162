using System.Net;
using System.Text;
using Verb.Contracts;
using Verb.Gateway.Settings;

namespace Verb.Gateway.Tests.Http;

public sealed class PublishToRoomTests
{
    private const string Path = "/api/rooms/lobby/messages";

    [Fact]
    public async Task The_answer_is_like_the_reply_to_chat()
    {
        await using var host = await ApiHost.Start();
        host.Hub.Next = Answer.Of(new ReplyBody.Published(new RoomId("lobby"), 42, "k3f9", "m-1", 1_790_000_000_000));
        var response = await host.Post(Path, """{"message":{"text":"hi"},"messageId":"m-1"}""");
        await response.ShouldBeJson(
            """{"success":true,"data":{"roomId":"lobby","seq":42,"epoch":"k3f9","messageId":"m-1","timestamp":1790000000000}}""");
        response.Headers.CacheControl!.NoStore.ShouldBeTrue();
        host.Hub.Calls.ShouldBe(["""publish lobby {"text":"hi"} m-1"""]);
        host.Hub.LastSender.ShouldBeNull();
    }

    [Theory]
    [InlineData("""{ "a" : [1.50, "\u00e9" ,null] }""")]
    [InlineData("null")]
    [InlineData("\"text\"")]
    [InlineData("1E400")]
    public async Task The_message_is_kept_as_the_bytes_that_came(string message)
    {
        await using var host = await ApiHost.Start();
        (await host.Post(Path, $$"""{"other":{"message":1},"message": {{message}} ,"messageId":null}""")).StatusCode.ShouldBe(HttpStatusCode.OK);
        host.Hub.Calls.ShouldBe([$"publish lobby {message} -"]);
    }

    [Fact]
    public async Task A_sender_may_be_named()
    {
        await using var host = await ApiHost.Start();
        await host.Post(Path, """{"message":1,"user":{"id":"ann","username":"Ann","role":"editor"}}""");
        host.Hub.LastSender.ShouldBe(new User(new UserId("ann"), "Ann", "editor"));
        await host.Post(Path, """{"message":1,"user":{"id":"ann"}}""");
        host.Hub.LastSender.ShouldBe(new User(new UserId("ann"), "ann", "user"));
        await host.Post(Path, """{"message":1,"user":null}""");
        host.Hub.LastSender.ShouldBeNull();
    }

    [Fact]
    public async Task An_admin_publishes_in_their_own_name()
    {
        await using var host = await ApiHost.Start();
        (await host.Post(Path, """{"message":1}""", key: null, token: "admin")).StatusCode.ShouldBe(HttpStatusCode.OK);
        host.Hub.LastSender!.Id.Value.ShouldBe("admin-id");
    }

    [Theory]
    [InlineData("{}", "'message' is missing")]
    [InlineData("[]", "JSON object")]
    [InlineData("\"message\"", "JSON object")]
    [InlineData("""{"message":1,"message":2}""", "'message' appears twice")]
    [InlineData("""{"message":1,"\u006dessage":2}""", "'message' appears twice")]
    [InlineData("""{"message":1,"x":1,"x":2}""", "'x' appears twice")]
    [InlineData("""{"message":1,"\ud800":2}""", "no valid text")]
    [InlineData("""{"message":1,"messageId":7}""", "'messageId'")]
    [InlineData("""{"message":1,"messageId":""}""", "'messageId'")]
    [InlineData("""{"message":1,"messageId":"a\u0000b"}""", "'messageId'")]
    [InlineData("""{"message":1,"messageId":"\udc00"}""", "'messageId'")]
    [InlineData("""{"message":1,"messageId":"12345678901234567890123456789012345678901234567890123456789012345"}""", "'messageId'")]
    [InlineData("""{"message":1,"user":"ann"}""", "'user'")]
    [InlineData("""{"message":1,"user":{}}""", "'user.id'")]
    [InlineData("""{"message":1,"user":{"id":7}}""", "'user.id'")]
    [InlineData("""{"message":1,"user":{"id":"a","id":"b"}}""", "'id' appears twice")]
    [InlineData("""{"message":1,"user":{"id":"$application"}}""", "'user.id'")]
    [InlineData("""{"message":1,"user":{"id":"a","username":""}}""", "'user.username'")]
    [InlineData("""{"message":1,"user":{"id":"a","role":["admin"]}}""", "'user.role'")]
    [InlineData("""{"message":1,"user":{"id":"12345678901234567890123456789012345678901234567890123456789012345"}}""", "'user.username'")]
    public async Task A_body_that_breaks_the_rules_is_refused_by_the_name_of_its_field(string body, string said)
    {
        await using var host = await ApiHost.Start();
        (await (await host.Post(Path, body)).ShouldBeRefused(HttpStatusCode.BadRequest, "INVALID_MESSAGE")).ShouldContain(said);
        host.Hub.Calls.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("{\"message\":1")]
    [InlineData("{\"message\":1}x")]
    [InlineData("{\"message\":1}{}")]
    [InlineData("{\"message\":01}")]
    [InlineData("{\"message\":1,}")]
    [InlineData("{'message':1}")]
    [InlineData("{\"message\":1}//")]
    [InlineData("\uFEFF\uFEFF{\"message\":1}")]
    [InlineData(" \uFEFF{\"message\":1}")]
    [InlineData("{\"message\":\"\n\"}")]
    [InlineData("NaN")]
    public async Task What_is_not_JSON_is_refused(string body)
    {
        await using var host = await ApiHost.Start();
        await (await host.Post(Path, body)).ShouldBeRefused(HttpStatusCode.BadRequest, "INVALID_JSON");
        host.Hub.Calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_not_UTF_8_is_refused()
    {
        await using var host = await ApiHost.Start();
        byte[] body = [.. "{\"message\":\""u8, 0xC3, 0x28, .. "\"}"u8];
        await (await host.Post(Path, body)).ShouldBeRefused(HttpStatusCode.BadRequest, "INVALID_JSON");
    }

    [Theory]
    [InlineData(63, true)]
    [InlineData(64, false)]
    public async Task Nesting_ends_at_64_levels(int arrays, bool taken)
    {
        await using var host = await ApiHost.Start();
        var response = await host.Post(Path, $$"""{"message":{{new string('[', arrays)}}{{new string(']', arrays)}}}""");
        response.IsSuccessStatusCode.ShouldBe(taken);
    }

    [Fact]
    public async Task The_largest_body_is_taken_and_one_byte_more_is_not()
    {
        await using var host = await ApiHost.Start(new VerbOptions { ApiKey = ApiHost.Key, Limits = new() { MaxCommandBytes = 1024 } });
        var body = $$"""{"message":"{{new string('x', 1024 - 14)}}"}""";
        Encoding.UTF8.GetByteCount(body).ShouldBe(1024);
        (await host.Post(Path, body)).StatusCode.ShouldBe(HttpStatusCode.OK);
        await (await host.Post(Path, body + " ")).ShouldBeRefused(HttpStatusCode.RequestEntityTooLarge, "PAYLOAD_TOO_LARGE");
        host.Hub.Calls.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData(1024, HttpStatusCode.BadRequest, "INVALID_JSON")]
    [InlineData(1025, HttpStatusCode.RequestEntityTooLarge, "PAYLOAD_TOO_LARGE")]
    [InlineData(int.MaxValue, HttpStatusCode.RequestEntityTooLarge, "PAYLOAD_TOO_LARGE")]
    public async Task A_body_whose_length_is_not_said_is_counted_while_it_is_read(int bytes, HttpStatusCode status, string code)
    {
        await using var host = await ApiHost.Start(new VerbOptions { ApiKey = ApiHost.Key, Limits = new() { MaxCommandBytes = 1024 } });
        using var content = new StreamContent(new Spaces(bytes));
        content.Headers.ContentType = new("application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"http://localhost{Path}")) { Content = content };
        request.Headers.TransferEncodingChunked = true;
        request.Headers.Add("X-Api-Key", ApiHost.Key);
        await (await host.Client.SendAsync(request)).ShouldBeRefused(status, code);
    }

    [Theory]
    [InlineData("application/json", true)]
    [InlineData("Application/JSON; charset=UTF-8", true)]
    [InlineData("application/json; charset=\"utf-8\"", true)]
    [InlineData("application/vnd.example+json", true)]
    [InlineData("application/json; charset=utf-16", false)]
    [InlineData("text/plain", false)]
    [InlineData("text/json+json", false)]
    [InlineData("application/x-www-form-urlencoded", false)]
    [InlineData("json", false)]
    [InlineData("", false)]
    public async Task Only_JSON_in_UTF_8_is_taken(string type, bool taken)
    {
        await using var host = await ApiHost.Start();
        var response = await host.Post(Path, """{"message":1}""", type: type);
        if (taken)
            response.StatusCode.ShouldBe(HttpStatusCode.OK);
        else
            await response.ShouldBeRefused(HttpStatusCode.UnsupportedMediaType, "INVALID_MESSAGE");
    }

    [Theory]
    [InlineData("/api/rooms/lobby/messages", """{"message":"hi"}""")]
    [InlineData("/api/topics/t", "7")]
    [InlineData("/api/topics/t", "\"text\"")]
    [InlineData("/api/notify/ann", "{}")]
    [InlineData("/api/broadcast", """ {"a":1}""")]
    public async Task A_byte_order_mark_is_passed_over(string path, string body)
    {
        await using var host = await ApiHost.Start();
        (await host.Post(path, body)).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await host.Post(path, [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(body)])).StatusCode.ShouldBe(HttpStatusCode.OK);
        host.Hub.Calls.Count.ShouldBe(2);
        host.Hub.Calls[1].ShouldBe(host.Hub.Calls[0]);
    }

    [Fact]
    public async Task One_mark_is_passed_over_and_it_is_no_body()
    {
        await using var host = await ApiHost.Start();
        byte[] mark = [.. Encoding.UTF8.Preamble];
        (await (await host.Post("/api/topics/t", mark)).ShouldBeRefused(HttpStatusCode.BadRequest, "INVALID_JSON")).ShouldContain("empty");
        await (await host.Post("/api/topics/t", [.. mark, .. mark, (byte)'7'])).ShouldBeRefused(HttpStatusCode.BadRequest, "INVALID_JSON");
        await (await host.Post("/api/topics/t", [(byte)'7', .. mark])).ShouldBeRefused(HttpStatusCode.BadRequest, "INVALID_JSON");
        await (await host.Post("/api/topics/t", Encoding.Unicode.GetBytes("\ufeff7"))).ShouldBeRefused(HttpStatusCode.BadRequest, "INVALID_JSON");
    }

    [Fact]
    public async Task A_compressed_body_is_refused()
    {
        await using var host = await ApiHost.Start();
        using var content = new StringContent("""{"message":1}""", Encoding.UTF8, "application/json");
        content.Headers.ContentEncoding.Add("gzip");
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"http://localhost{Path}")) { Content = content };
        request.Headers.Add("X-Api-Key", ApiHost.Key);
        await (await host.Client.SendAsync(request)).ShouldBeRefused(HttpStatusCode.UnsupportedMediaType, "INVALID_MESSAGE");
    }

    [Fact]
    public async Task Unknown_query_parameters_are_ignored()
    {
        await using var host = await ApiHost.Start();
        (await host.Post(Path + "?x=1&x=2", """{"message":1}""")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private sealed class Spaces(int left) : Stream
    {
        private int _left = left;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var taken = Math.Min(count, _left);
            _left -= taken;
            buffer.AsSpan(offset, taken).Fill((byte)' ');
            return taken;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}

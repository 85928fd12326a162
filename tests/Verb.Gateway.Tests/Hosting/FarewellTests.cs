using Verb.Gateway.Tests.WebSockets;
using Verb.TestKit.Hosting;

namespace Verb.Gateway.Tests.Hosting;

/// <summary>A client sends what it wants and closes, in one segment: it hears what became of it before the hub closes.</summary>
public sealed class FarewellTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(20)]
    public async Task Every_answer_comes_before_the_close(int commands)
    {
        await using var host = await VerbTestHost.StartAsync();
        for (var round = 0; round < 20; round++)
        {
            await using var client = await host.ConnectAsync();
            await client.ExpectAsync("connected");
            var room = round;
            ClientFrame[] segment =
            [
                ClientFrame.Text($$"""{"type":"join_room","id":"join","roomId":"room-{{room}}"}"""),
                .. Enumerable.Range(0, commands).Select(i => ClientFrame.Text($$"""{"type":"chat","id":"{{i}}","roomId":"room-{{room}}","message":{{i}}}""")),
                ClientFrame.Close(1000),
            ];
            await client.SendRawAsync(Conversation.Bytes(segment));

            var answered = new List<string>();
            var message = await client.ReceiveAsync();
            for (; message.Kind == SocketMessageKind.Text; message = await client.ReceiveAsync())
            {
                if (message.Json.GetProperty("type").GetString() == "reply")
                    answered.Add(message.Json.GetProperty("id").GetString()!);
            }

            message.Kind.ShouldBe(SocketMessageKind.Close);
            message.CloseReason.Code.ShouldBe((ushort)1000);
            answered.ShouldBe(["join", .. Enumerable.Range(0, commands).Select(i => $"{i}")]);
        }
    }
}

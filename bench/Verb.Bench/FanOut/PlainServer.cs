using System.Buffers;
using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Verb.Bench.FanOut;

/// <summary>
/// A chat room over System.Net.WebSockets the usual way: a bounded channel and a writer task for each connection, each message serialized
/// once and sent to each member.
/// </summary>
internal static class PlainServer
{
    private const int QueueLength = 1024;

    public static async Task Run(string url)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        await using var app = builder.Build();
        app.Urls.Add(url);
        app.UseWebSockets();
        var rooms = new ConcurrentDictionary<string, ConcurrentDictionary<Connection, bool>>();
        app.Map("/ws", async (HttpContext http) =>
        {
            using var socket = await http.WebSockets.AcceptWebSocketAsync();
            await Serve(socket, rooms);
        });
        await app.RunAsync();
    }

    private static async Task Serve(WebSocket socket, ConcurrentDictionary<string, ConcurrentDictionary<Connection, bool>> rooms)
    {
        var connection = new Connection(socket);
        var writer = connection.Write();
        var buffer = ArrayPool<byte>.Shared.Rent(16 * 1024);
        try
        {
            while (true)
            {
                var received = await socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None);
                if (received.MessageType == WebSocketMessageType.Close)
                    break;
                using var json = JsonDocument.Parse(buffer.AsMemory(0, received.Count));
                var roomId = json.RootElement.GetProperty("roomId").GetString()!;
                var room = rooms.GetOrAdd(roomId, _ => new ConcurrentDictionary<Connection, bool>());
                if (json.RootElement.GetProperty("type").ValueEquals("join_room"))
                {
                    room[connection] = true;
                    continue;
                }

                var message = json.RootElement.GetProperty("message");
                var told = JsonSerializer.SerializeToUtf8Bytes(
                    new { type = "chat", roomId, message, timestamp = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() });
                foreach (var (member, _) in room)
                    member.Tell(told);
            }
        }
        catch (WebSocketException)
        {
            // The client is gone.
        }

        foreach (var (_, room) in rooms)
            room.TryRemove(connection, out _);
        connection.End();
        ArrayPool<byte>.Shared.Return(buffer);
        await writer;
    }

    private sealed class Connection(WebSocket socket)
    {
        private readonly Channel<byte[]> _queue = Channel.CreateBounded<byte[]>(new BoundedChannelOptions(QueueLength) { SingleReader = true });

        public void Tell(byte[] message)
        {
            if (!_queue.Writer.TryWrite(message))
                socket.Abort();
        }

        public void End() => _queue.Writer.TryComplete();

        public async Task Write()
        {
            try
            {
                await foreach (var message in _queue.Reader.ReadAllAsync())
                    await socket.SendAsync(message, WebSocketMessageType.Text, true, CancellationToken.None);
            }
            catch (WebSocketException)
            {
                // The client is gone.
            }
        }
    }
}

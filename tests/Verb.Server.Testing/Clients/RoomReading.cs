using System.Globalization;
using System.Text.Json;
using Verb.TestKit.Hosting;

namespace Verb.Server.Testing.Clients;

/// <summary>Reads a room's whole history, page by page.</summary>
internal static class RoomReading
{
    public static async Task<List<Acknowledgement>> ReadHistoryAsync(this SocketClient client, string room)
    {
        var all = new List<Acknowledgement>();
        var epoch = (await client.AskAsync($$"""{"type":"join_room","roomId":"{{room}}"}""")).GetProperty("data").GetProperty("epoch").GetString()!;
        while (true)
        {
            var last = all.Count == 0 ? 0 : all[^1].Seq;
            var since = string.Create(CultureInfo.InvariantCulture, $$"""{"epoch":"{{epoch}}","seq":{{last}}}""");
            var page = (await client.AskAsync($$"""{"type":"history","roomId":"{{room}}","since":{{since}}}""")).GetProperty("data");
            all.AddRange(page.GetProperty("messages").EnumerateArray().Select(message => Of(message, epoch)));
            if (page.GetProperty("complete").GetBoolean())
                return all;
        }
    }

    private static Acknowledgement Of(JsonElement message, string epoch) =>
        new(message.GetProperty("messageId").GetString()!, message.GetProperty("seq").GetInt64(), epoch);
}

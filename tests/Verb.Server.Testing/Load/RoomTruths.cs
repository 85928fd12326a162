using System.Globalization;
using Verb.TestKit.Checking;
using Verb.TestKit.Nodes;

namespace Verb.Server.Testing.Load;

/// <summary>Reads what a node holds of a room, over HTTP: nobody joins for it.</summary>
internal static class RoomTruths
{
    /// <summary>Who is in the room and how far it has come, without its messages.</summary>
    public static async Task<(string Epoch, long Seq, HashSet<string> Members)> StateAsync(ILoadNode node, string room)
    {
        var state = await node.ReadAsync($"/api/rooms/{room}");
        return (state.Text("epoch"), state.Number("seq"), await MembersAsync(node, room));
    }

    public static async Task<RoomTruth> ReadAsync(ILoadNode node, string room)
    {
        var epoch = (await node.ReadAsync($"/api/rooms/{room}")).Text("epoch");
        var messages = new List<TrueMessage>();
        while (true)
        {
            var last = messages.Count == 0 ? 0 : messages[^1].Seq;
            var page = await node.ReadAsync(string.Create(CultureInfo.InvariantCulture, $"/api/rooms/{room}/messages?since={epoch}:{last}&limit=1000"));
            foreach (var message in page.GetProperty("messages").EnumerateArray())
                messages.Add(new TrueMessage(message.Number("seq"), message.GetProperty("user").Text("id"), message.Text("messageId")));
            if (page.GetProperty("complete").GetBoolean())
                return new RoomTruth(room, epoch, messages, await MembersAsync(node, room));
        }
    }

    private static async Task<HashSet<string>> MembersAsync(ILoadNode node, string room)
    {
        var members = new HashSet<string>();
        for (var after = ""; ;)
        {
            var page = await node.ReadAsync($"/api/rooms/{room}/members?limit=500{after}");
            foreach (var member in page.GetProperty("members").EnumerateArray())
            {
                members.Add(member.Text("id"));
                after = $"&after={member.Text("id")}";
            }

            if (!page.Has("more"))
                return members;
        }
    }
}

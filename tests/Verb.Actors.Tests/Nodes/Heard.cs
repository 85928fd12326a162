using Verb.TestKit.Nodes;

namespace Verb.Actors.Tests.Nodes;

/// <summary>What a client heard of a room, live and as history.</summary>
internal static class Heard
{
    /// <summary>The numbers, in the order they came.</summary>
    public static IReadOnlyList<long> Of(TestClient client, string room) =>
    [
        .. client.Frames
            .Where(frame => frame.Has("roomId") && frame.Text("roomId") == room)
            .SelectMany(frame => frame.Type() switch
            {
                "chat" => [frame.Number("seq")],
                "message_history" => frame.Seqs(),
                _ => Enumerable.Empty<long>(),
            }),
    ];

    public static IEnumerable<long> Numbers(long from, long through)
    {
        for (var seq = from; seq <= through; seq++)
            yield return seq;
    }
}

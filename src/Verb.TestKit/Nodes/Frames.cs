using System.Text.Json;
using Verb.TestKit.Probes;

namespace Verb.TestKit.Nodes;

/// <summary>Reads the frames that a client got.</summary>
public static class Frames
{
    /// <summary>The frame's type.</summary>
    public static string Type(this JsonElement frame) => frame.GetProperty("type").GetString()!;

    /// <summary>A field's text.</summary>
    public static string Text(this JsonElement frame, string field) => frame.GetProperty(field).GetString()!;

    /// <summary>A field's number.</summary>
    public static long Number(this JsonElement frame, string field) => frame.GetProperty(field).GetInt64();

    /// <summary>Whether the frame has a field of this name.</summary>
    public static bool Has(this JsonElement frame, string field) => frame.TryGetProperty(field, out _);

    /// <summary>Whether the frame is the reply to a command.</summary>
    public static bool IsReplyTo(this JsonElement frame, string id) => frame.Type() == "reply" && frame.Text("id") == id;

    /// <summary>The numbers of a page of messages.</summary>
    public static IReadOnlyList<long> Seqs(this JsonElement page) =>
        [.. page.GetProperty("messages").EnumerateArray().Select(message => message.Number("seq"))];

    /// <summary>The code of a refusal.</summary>
    public static string Code(this JsonElement reply) => reply.TryGetProperty("error", out var error)
        ? error.Text("code")
        : throw new ExpectationException($"Expected a refusal, but got {reply}.");

    /// <summary>The data of a success.</summary>
    internal static JsonElement Data(this JsonElement reply, string type) => reply.GetProperty("success").GetBoolean()
        ? reply.GetProperty("data")
        : throw new ExpectationException($"Expected {type} to succeed, but got {reply}.");
}

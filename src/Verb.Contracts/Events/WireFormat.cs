using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Verb.Contracts;

/// <summary>Events and replies as the JSON of <c>verb.v1</c>. Each thread has its own writer, so that no connection needs one.</summary>
public static class WireFormat
{
    /// <summary>How the hub writes JSON: relaxed escaping (the text is never embedded in HTML), no validation of its own calls.</summary>
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>A buffer that grew beyond this is dropped after use, so that one large message does not hold memory.</summary>
    private const int KeptBytes = 64 * 1024;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _buffer;

    [ThreadStatic]
    private static Utf8JsonWriter? _json;

    /// <summary>An event as the bytes of its text frame.</summary>
    public static byte[] Event(ServerEvent serverEvent)
    {
        var json = Begin();
        EventWriter.Write(json, serverEvent);
        return End(json);
    }

    /// <summary>A successful reply to the command <paramref name="id"/>.</summary>
    public static byte[] Reply(string id, ReplyBody body)
    {
        var json = Begin();
        json.WriteStartObject();
        json.WriteString("type"u8, "reply"u8);
        json.WriteString("id"u8, id);
        json.WriteBoolean("success"u8, true);
        json.WritePropertyName("data"u8);
        ReplyWriter.Write(json, body);
        json.WriteEndObject();
        return End(json);
    }

    /// <summary>The refusal of the command <paramref name="id"/>.</summary>
    public static byte[] Reply(string id, CommandError error)
    {
        var json = Begin();
        json.WriteStartObject();
        json.WriteString("type"u8, "reply"u8);
        json.WriteString("id"u8, id);
        json.WriteBoolean("success"u8, false);
        json.WriteStartObject("error"u8);
        EventWriter.WriteErrorFields(json, error);
        json.WriteEndObject();
        json.WriteEndObject();
        return End(json);
    }

    /// <summary>The <c>data</c> of a reply alone: what the HTTP API answers with.</summary>
    public static byte[] Body(ReplyBody body)
    {
        var json = Begin();
        ReplyWriter.Write(json, body);
        return End(json);
    }

    private static Utf8JsonWriter Begin()
    {
        _buffer ??= new ArrayBufferWriter<byte>(1024);
        _buffer.ResetWrittenCount();
        _json ??= new Utf8JsonWriter(_buffer, Options);
        _json.Reset(_buffer);
        return _json;
    }

    private static byte[] End(Utf8JsonWriter json)
    {
        json.Flush();
        var bytes = _buffer!.WrittenSpan.ToArray();
        if (_buffer.Capacity > KeptBytes)
            (_buffer, _json) = (null, null);
        return bytes;
    }
}

using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Verb.Contracts;

/// <summary>Writes events and replies as the JSON of <c>verb.v1</c>. One writer serves one actor: it is not thread-safe.</summary>
public sealed class WireWriter : IDisposable
{
    /// <summary>How the hub writes JSON: relaxed escaping (the text is never embedded in HTML), no validation of its own calls.</summary>
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>A buffer that grew beyond this is dropped after use, so that one large message does not hold memory.</summary>
    private const int KeptBytes = 16 * 1024;

    private readonly Utf8JsonWriter _json;
    private ArrayBufferWriter<byte> _buffer = new(256);

    /// <summary>Creates a writer.</summary>
    public WireWriter() => _json = new Utf8JsonWriter(_buffer, Options);

    /// <summary>An event as the bytes of its text frame.</summary>
    public byte[] Event(ServerEvent serverEvent)
    {
        Begin();
        EventWriter.Write(_json, serverEvent);
        return End();
    }

    /// <summary>A successful reply to the command <paramref name="id"/>.</summary>
    public byte[] Reply(string id, ReplyBody body)
    {
        Begin();
        _json.WriteStartObject();
        _json.WriteString("type"u8, "reply"u8);
        _json.WriteString("id"u8, id);
        _json.WriteBoolean("success"u8, true);
        _json.WritePropertyName("data"u8);
        ReplyWriter.Write(_json, body);
        _json.WriteEndObject();
        return End();
    }

    /// <summary>The refusal of the command <paramref name="id"/>.</summary>
    public byte[] Reply(string id, CommandError error)
    {
        Begin();
        _json.WriteStartObject();
        _json.WriteString("type"u8, "reply"u8);
        _json.WriteString("id"u8, id);
        _json.WriteBoolean("success"u8, false);
        _json.WriteStartObject("error"u8);
        EventWriter.WriteErrorFields(_json, error);
        _json.WriteEndObject();
        _json.WriteEndObject();
        return End();
    }

    /// <summary>The <c>data</c> of a reply alone: what the HTTP API answers with.</summary>
    public byte[] Body(ReplyBody body)
    {
        Begin();
        ReplyWriter.Write(_json, body);
        return End();
    }

    /// <inheritdoc/>
    public void Dispose() => _json.Dispose();

    private void Begin()
    {
        _buffer.ResetWrittenCount();
        _json.Reset();
    }

    private byte[] End()
    {
        _json.Flush();
        var bytes = _buffer.WrittenSpan.ToArray();
        if (_buffer.Capacity > KeptBytes)
        {
            _buffer = new ArrayBufferWriter<byte>(256);
            _json.Reset(_buffer);
        }

        return bytes;
    }
}

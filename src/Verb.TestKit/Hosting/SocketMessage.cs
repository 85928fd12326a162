using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using Verb.Contracts;

namespace Verb.TestKit.Hosting;

/// <summary>One message or control frame from the hub.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Payload">Its bytes, valid until the next receive of the same client.</param>
public readonly record struct SocketMessage(SocketMessageKind Kind, ReadOnlyMemory<byte> Payload)
{
    /// <summary>The code of a close without one (RFC 6455, section 7.1.5).</summary>
    private const ushort NoCode = 1005;

    /// <summary>The payload as text.</summary>
    public string Text => Encoding.UTF8.GetString(Payload.Span);

    /// <summary>The payload as JSON, a copy.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public JsonElement Json
    {
        get
        {
            using var document = JsonDocument.Parse(Payload);
            return document.RootElement.Clone();
        }
    }

    /// <summary>What a close frame says; 1005 where it has no code.</summary>
    public CloseReason CloseReason => Payload.Length < 2
        ? new CloseReason(NoCode, "")
        : new CloseReason(BinaryPrimitives.ReadUInt16BigEndian(Payload.Span), Encoding.UTF8.GetString(Payload.Span[2..]));
}

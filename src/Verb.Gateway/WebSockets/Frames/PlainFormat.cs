using Verb.Actors.Delivery;

namespace Verb.Gateway.WebSockets.Frames;

/// <summary>Uncompressed frames, one array a message.</summary>
internal sealed class PlainFormat : IWireFormat
{
    public static PlainFormat Instance { get; } = new();

    public int Slot => 0;

    public byte[] Encode(ReadOnlySpan<byte> payload, FrameKind kind) =>
        FrameEncoder.Encode(payload, FrameEncoder.OpcodeOf(kind), compressed: false);
}

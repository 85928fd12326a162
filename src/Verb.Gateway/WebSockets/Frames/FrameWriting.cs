using System.Buffers;

namespace Verb.Gateway.WebSockets.Frames;

/// <summary>Frames straight into a transport's buffer.</summary>
internal static class FrameWriting
{
    public static void WriteFrame(this IBufferWriter<byte> output, ReadOnlySpan<byte> payload, Opcode opcode, bool compressed)
    {
        var size = FrameEncoder.HeaderSize(payload.Length);
        FrameEncoder.WriteHeader(output.GetSpan(size), opcode, compressed, payload.Length);
        output.Advance(size);
        output.Write(payload);
    }
}

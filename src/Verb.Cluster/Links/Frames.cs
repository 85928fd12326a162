using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using Google.Protobuf;
using Verb.Cluster.Links.Codec;

namespace Verb.Cluster.Links;

/// <summary>Frames on a link: four bytes of length, most significant first, and a protobuf message. An empty frame says: I am here.</summary>
internal static class Frames
{
    /// <summary>What stands before a message.</summary>
    public const int PrefixBytes = 4;

    /// <summary>Writes a frame; it is sent with the next flush.</summary>
    public static void Write(IBufferWriter<byte> output, IMessage message, int size)
    {
        WritePrefix(output, size);
        message.WriteTo(output);
    }

    /// <summary>Writes the frame that says nothing but: I am here.</summary>
    public static void WritePing(IBufferWriter<byte> output) => WritePrefix(output, 0);

    /// <summary>Takes the first frame off the buffer. False where it has not come whole.</summary>
    /// <exception cref="MalformedEnvelopeException">It is larger than <paramref name="most"/>.</exception>
    public static bool TryTake(ref ReadOnlySequence<byte> buffer, int most, out ReadOnlySequence<byte> frame)
    {
        frame = default;
        if (buffer.Length < PrefixBytes)
            return false;
        Span<byte> prefix = stackalloc byte[PrefixBytes];
        buffer.Slice(0, PrefixBytes).CopyTo(prefix);
        var size = BinaryPrimitives.ReadUInt32BigEndian(prefix);
        if (size > most)
            throw new MalformedEnvelopeException($"A frame of {size} bytes; at most {most} are allowed.");
        if (buffer.Length < PrefixBytes + size)
            return false;
        frame = buffer.Slice(PrefixBytes, size);
        buffer = buffer.Slice(PrefixBytes + size);
        return true;
    }

    /// <summary>Reads one frame and leaves what follows it unread; null where the other side has closed.</summary>
    public static async ValueTask<byte[]?> Read(PipeReader input, int most, CancellationToken cancellation)
    {
        while (true)
        {
            var result = await input.ReadAsync(cancellation);
            var rest = result.Buffer;
            if (TryTake(ref rest, most, out var frame))
            {
                var bytes = frame.ToArray();
                input.AdvanceTo(rest.Start);
                return bytes;
            }

            input.AdvanceTo(rest.Start, rest.End);
            if (result.IsCompleted)
                return null;
        }
    }

    private static void WritePrefix(IBufferWriter<byte> output, int size)
    {
        BinaryPrimitives.WriteInt32BigEndian(output.GetSpan(PrefixBytes), size);
        output.Advance(PrefixBytes);
    }
}

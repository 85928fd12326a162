using Verb.Gateway.WebSockets.Deflate;

namespace Verb.Gateway.Tests.WebSockets;

/// <summary>A receiver that remembers no more than the window it asked for: it inflates a few bytes at a time.</summary>
internal sealed unsafe class SmallWindowInflater(Zlib zlib, int windowBits) : IDisposable
{
    private readonly ZlibStream* _stream = zlib.StartInflate(windowBits);

    public byte[] Inflate(byte[] input)
    {
        var output = new List<byte>();
        Span<byte> room = stackalloc byte[16];
        fixed (byte* source = input)
        fixed (byte* destination = room)
        {
            _stream->NextIn = source;
            _stream->AvailableIn = (uint)input.Length;
            while (true)
            {
                _stream->NextOut = destination;
                _stream->AvailableOut = (uint)room.Length;
                zlib.Inflate(_stream).ShouldBeOneOf(Zlib.Ok, Zlib.BufferError);
                var produced = room.Length - (int)_stream->AvailableOut;
                if (produced == 0)
                    return [.. output];
                output.AddRange(room[..produced]);
            }
        }
    }

    public void Dispose() => zlib.EndInflate(_stream);
}

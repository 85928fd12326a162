using System.Runtime.InteropServices;

namespace Verb.Gateway.WebSockets.Deflate;

/// <summary>zlib's <c>z_stream</c>. zlib keeps a pointer to it, so that it never moves.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct ZlibStream
{
    public byte* NextIn;
    public uint AvailableIn;
    public CULong TotalIn;
    public byte* NextOut;
    public uint AvailableOut;
    public CULong TotalOut;
    public byte* Message;
    public void* State;
    public void* Allocate;
    public void* Free;
    public void* Opaque;
    public int DataType;
    public CULong Adler;
    public CULong Reserved;
}

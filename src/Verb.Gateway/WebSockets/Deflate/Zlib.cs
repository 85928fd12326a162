using System.Runtime.InteropServices;

namespace Verb.Gateway.WebSockets.Deflate;

/// <summary>The system's zlib: unlike <c>DeflateStream</c> it takes a window size, is reset instead of made anew, and goes on after a final block.</summary>
internal sealed unsafe class Zlib
{
    public const int Ok = 0;
    public const int StreamEnd = 1;
    public const int BufferError = -5;
    public const int SyncFlush = 2;

    private const int Deflated = 8;
    private const int FastLevel = 1;
    private const int LargestMemory = 8;
    private const int DefaultStrategy = 0;

    private readonly delegate* unmanaged<ZlibStream*, int, int, int, int, int, byte*, int, int> _deflateInit;
    private readonly delegate* unmanaged<ZlibStream*, int, int> _deflate;
    private readonly delegate* unmanaged<ZlibStream*, int> _deflateReset;
    private readonly delegate* unmanaged<ZlibStream*, int> _deflateEnd;
    private readonly delegate* unmanaged<ZlibStream*, int, byte*, int, int> _inflateInit;
    private readonly delegate* unmanaged<ZlibStream*, int, int> _inflate;
    private readonly delegate* unmanaged<ZlibStream*, int> _inflateReset;
    private readonly delegate* unmanaged<ZlibStream*, int> _inflateResetKeep;
    private readonly delegate* unmanaged<ZlibStream*, int> _inflateEnd;
    private readonly byte* _version;

    private Zlib(nint library)
    {
        _deflateInit = (delegate* unmanaged<ZlibStream*, int, int, int, int, int, byte*, int, int>)Export("deflateInit2_");
        _deflate = (delegate* unmanaged<ZlibStream*, int, int>)Export("deflate");
        _deflateReset = (delegate* unmanaged<ZlibStream*, int>)Export("deflateReset");
        _deflateEnd = (delegate* unmanaged<ZlibStream*, int>)Export("deflateEnd");
        _inflateInit = (delegate* unmanaged<ZlibStream*, int, byte*, int, int>)Export("inflateInit2_");
        _inflate = (delegate* unmanaged<ZlibStream*, int, int>)Export("inflate");
        _inflateReset = (delegate* unmanaged<ZlibStream*, int>)Export("inflateReset");
        _inflateResetKeep = (delegate* unmanaged<ZlibStream*, int>)Export("inflateResetKeep");
        _inflateEnd = (delegate* unmanaged<ZlibStream*, int>)Export("inflateEnd");
        _version = ((delegate* unmanaged<byte*>)Export("zlibVersion"))();

        nint Export(string name) => NativeLibrary.GetExport(library, name);
    }

    /// <summary>Null where the system has no zlib.</summary>
    public static Zlib? Loaded { get; } = Load();

    /// <summary>A new raw deflate stream.</summary>
    public ZlibStream* StartDeflate(int windowBits)
    {
        // Hash tables and the pending block take as much memory as the window: 256 KiB in all for the largest, 4 KiB for the smallest.
        var memory = Math.Min(LargestMemory, windowBits - 7);
        var stream = NewStream();
        return Started(stream, _deflateInit(stream, FastLevel, Deflated, -windowBits, memory, DefaultStrategy, _version, sizeof(ZlibStream)));
    }

    /// <summary>A new raw inflate stream.</summary>
    public ZlibStream* StartInflate(int windowBits)
    {
        var stream = NewStream();
        return Started(stream, _inflateInit(stream, -windowBits, _version, sizeof(ZlibStream)));
    }

    public int Deflate(ZlibStream* stream) => _deflate(stream, SyncFlush);

    public void ResetDeflate(ZlibStream* stream) => _deflateReset(stream);

    public int Inflate(ZlibStream* stream) => _inflate(stream, SyncFlush);

    public void ResetInflate(ZlibStream* stream) => _inflateReset(stream);

    /// <summary>Goes on behind a final block with the window kept.</summary>
    public void ContinueInflate(ZlibStream* stream) => _inflateResetKeep(stream);

    public void EndDeflate(ZlibStream* stream)
    {
        _ = _deflateEnd(stream);
        NativeMemory.Free(stream);
    }

    public void EndInflate(ZlibStream* stream)
    {
        _ = _inflateEnd(stream);
        NativeMemory.Free(stream);
    }

    private static ZlibStream* NewStream() => (ZlibStream*)NativeMemory.AllocZeroed((nuint)sizeof(ZlibStream));

    private static ZlibStream* Started(ZlibStream* stream, int code)
    {
        if (code == Ok)
            return stream;

        NativeMemory.Free(stream);
        throw new InvalidOperationException($"zlib refused to start: {code}.");
    }

    private static Zlib? Load()
    {
        foreach (var name in (ReadOnlySpan<string>)["libz.so.1", "libz.1.dylib", "zlib1.dll"])
        {
            if (NativeLibrary.TryLoad(name, out var library))
                return NativeLibrary.TryGetExport(library, "inflateResetKeep", out _) ? new Zlib(library) : null;
        }

        return null;
    }
}

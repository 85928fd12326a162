namespace Verb.Actors.Sharding;

/// <summary>A hash that is the same in every process: FNV-1a over UTF-16, mixed at the end so that close keys fall far apart.</summary>
internal static class StableHash
{
    /// <summary>Where a hash begins.</summary>
    public const ulong Basis = 14695981039346656037;
    private const ulong Prime = 1099511628211;

    /// <summary>The hash of one text.</summary>
    public static ulong Of(string text) => Add(Basis, text);

    /// <summary>The hash of a text behind what was hashed before.</summary>
    public static ulong Add(ulong hash, string text)
    {
        foreach (var c in text)
            hash = (hash ^ c) * Prime;
        return Mix(hash);
    }

    /// <summary>The finalizer of MurmurHash3.</summary>
    public static ulong Mix(ulong hash)
    {
        hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccd;
        hash = (hash ^ (hash >> 33)) * 0xc4ceb9fe1a85ec53;
        return hash ^ (hash >> 33);
    }
}

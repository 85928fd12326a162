namespace Verb.TestKit.Worlds;

/// <summary>Hashes that are the same in every process.</summary>
internal static class WorldHash
{
    /// <summary>Where a hash begins (FNV-1a).</summary>
    public const ulong Basis = 14695981039346656037;

    /// <summary>An odd number near 2^64 divided by the golden ratio: multiples of it fall far apart.</summary>
    public const ulong Golden = 0x9E3779B97F4A7C15;

    private const ulong Prime = 1099511628211;

    public static ulong Of(string text) => Add(Basis, text);

    public static ulong Add(ulong hash, string text)
    {
        foreach (var c in text)
            hash = (hash ^ c) * Prime;
        return Mix(hash);
    }

    /// <summary>The finalizer of SplitMix64.</summary>
    public static ulong Mix(ulong hash)
    {
        hash = (hash ^ (hash >> 30)) * 0xBF58476D1CE4E5B9;
        hash = (hash ^ (hash >> 27)) * 0x94D049BB133111EB;
        return hash ^ (hash >> 31);
    }
}

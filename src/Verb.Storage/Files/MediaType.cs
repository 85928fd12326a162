using System.Buffers;

namespace Verb.Storage.Files;

/// <summary>A client's word for what a file is, made safe for a header: <c>type/subtype</c> as RFC 6838 section 4.2 has it.</summary>
internal static class MediaType
{
    public const string Unknown = "application/octet-stream";

    private const int MaxNameLength = 64;
    private static readonly SearchValues<char> NameChars =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789!#$&-^_.+");

    /// <summary>In lower case and without parameters; <see cref="Unknown"/> for anything else.</summary>
    public static string Clean(string claimed)
    {
        var plain = claimed.Split(';', 2)[0].Trim().ToLowerInvariant();
        var slash = plain.IndexOf('/');
        return slash > 0 && IsName(plain.AsSpan(0, slash)) && IsName(plain.AsSpan(slash + 1)) ? plain : Unknown;
    }

    private static bool IsName(ReadOnlySpan<char> name) =>
        name.Length is > 0 and <= MaxNameLength && char.IsAsciiLetterOrDigit(name[0]) && !name.ContainsAnyExcept(NameChars);
}

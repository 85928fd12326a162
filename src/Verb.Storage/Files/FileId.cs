using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace Verb.Storage.Files;

/// <summary>Ids of files: 128 random bits in base64url, so they are safe as a file's name and cannot be guessed.</summary>
internal static class FileId
{
    private const int Bytes = 16;
    private const int Length = 22;
    private static readonly SearchValues<char> Alphabet =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    public static string New() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));

    public static bool IsValid(string? id) => id is { Length: Length } && !id.AsSpan().ContainsAnyExcept(Alphabet);
}

using System.Text;

namespace Verb.Contracts;

/// <summary>
/// The rules an identifier of the wire protocol keeps: not empty, bounded, no control characters, no lone surrogates.
/// </summary>
public static class Identifier
{
    /// <summary>The longest room id, topic or user id, in UTF-8 bytes.</summary>
    public const int MaxNameBytes = 200;

    /// <summary>The longest command id, message id, user name or event name, in UTF-16 characters.</summary>
    public const int MaxLabelLength = 64;

    /// <summary>Whether <paramref name="value"/> may name a room, a topic or a user: 1 to 200 UTF-8 bytes.</summary>
    public static bool IsName(string? value) =>
        !string.IsNullOrEmpty(value)
        && value.Length <= MaxNameBytes
        && IsClean(value)
        && Encoding.UTF8.GetByteCount(value) <= MaxNameBytes;

    /// <summary>Whether <paramref name="value"/> may be a command id, message id, user name or event name: 1 to 64 characters.</summary>
    public static bool IsLabel(string? value) =>
        !string.IsNullOrEmpty(value) && value.Length <= MaxLabelLength && IsClean(value);

    private static bool IsClean(string value)
    {
        for (var i = 0; i < value.Length; i++)
        {
            var c = value[i];
            if (char.IsControl(c))
                return false;
            if (!char.IsSurrogate(c))
                continue;
            if (!char.IsHighSurrogate(c) || i + 1 == value.Length || !char.IsLowSurrogate(value[i + 1]))
                return false;
            i++;
        }

        return true;
    }
}

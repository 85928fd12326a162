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

    /// <summary>What <see cref="IsName"/> demands, to be told to who broke it behind "must be".</summary>
    public const string NameRule = "1 to 200 UTF-8 bytes without control characters, and neither '.' nor '..', which change a path";

    /// <summary>
    /// Whether <paramref name="value"/> may name a room, a topic or a user: 1 to 200 UTF-8 bytes. <c>.</c> and <c>..</c> are no names: in the path of
    /// a request they would be taken out of it, and another one be asked for.
    /// </summary>
    public static bool IsName(string? value) =>
        !string.IsNullOrEmpty(value)
        && value.Length <= MaxNameBytes
        && !IsDots(value)
        && IsClean(value)
        && Encoding.UTF8.GetByteCount(value) <= MaxNameBytes;

    /// <summary>Whether <paramref name="value"/> may be a command id, message id, user name or event name: 1 to 64 characters.</summary>
    public static bool IsLabel(string? value) =>
        !string.IsNullOrEmpty(value) && value.Length <= MaxLabelLength && IsClean(value);

    /// <summary>Whether a part between slashes is <c>.</c> or <c>..</c>: a topic's slashes stand in the path as they are.</summary>
    internal static bool HasDots(string value)
    {
        foreach (var part in value.AsSpan().Split('/'))
        {
            if (IsDots(value.AsSpan(part)))
                return true;
        }

        return false;
    }

    private static bool IsDots(ReadOnlySpan<char> value) => value is "." or "..";

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

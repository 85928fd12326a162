using System.Text.Json;
using System.Text.Unicode;

namespace Verb.Gateway.Http;

/// <summary>Whether bytes are one JSON value: strict UTF-8, at most 64 levels deep, no comments, nothing behind it.</summary>
internal static class JsonText
{
    /// <summary>What is wrong with <paramref name="utf8"/>; null where it is one JSON value.</summary>
    public static string? Problem(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty)
            return "The body is empty.";
        if (!Utf8.IsValid(utf8))
            return "The body is not valid UTF-8.";
        var reader = new Utf8JsonReader(utf8);
        try
        {
            while (reader.Read())
            {
                // The reader throws at whatever is not JSON.
            }
        }
        catch (JsonException)
        {
            return "The body is not one valid JSON value of at most 64 levels.";
        }

        return null;
    }

    /// <summary>Whether a string or a name in valid JSON escapes half a surrogate pair, so that it is no text.</summary>
    public static bool HasLoneSurrogate(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        while (reader.Read())
        {
            if (!reader.ValueIsEscaped)
                continue;
            try
            {
                reader.GetString();
            }
            catch (InvalidOperationException)
            {
                return true;
            }
        }

        return false;
    }
}

using System.Text;

namespace Verb.Storage.Files;

/// <summary>Which names of files are taken: shown to people and put into a header, never used as a path.</summary>
internal static class FileName
{
    private const int MaxBytes = 255;

    /// <summary>Why the name is not taken, null where it is.</summary>
    public static string? Refusal(string name) => name switch
    {
        _ when string.IsNullOrWhiteSpace(name) => "The file's name is empty.",
        _ when name.Trim().Trim('.').Length == 0 => "The file's name is only dots.",
        _ when name.AsSpan().IndexOfAny('/', '\\') >= 0 => "The file's name has a path separator.",
        _ when !IsText(name) => "The file's name has characters that cannot be shown.",
        _ when Encoding.UTF8.GetByteCount(name) > MaxBytes => $"The file's name is longer than {MaxBytes} bytes.",
        _ => null,
    };

    private static bool IsText(string name)
    {
        for (var i = 0; i < name.Length; i += char.IsSurrogate(name[i]) ? 2 : 1)
        {
            if (!Rune.TryGetRuneAt(name, i, out var rune) || Rune.IsControl(rune) || TurnsText(rune.Value))
                return false;
        }

        return true;
    }

    /// <summary>The marks that change the direction of text: with them "exe.png" may be shown for "gnp.exe".</summary>
    private static bool TurnsText(int rune) =>
        rune is 0x061C or 0x200E or 0x200F or (>= 0x2028 and <= 0x202E) or (>= 0x2066 and <= 0x2069);
}

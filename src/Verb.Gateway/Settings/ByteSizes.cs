using System.Globalization;

namespace Verb.Gateway.Settings;

/// <summary>Sizes as settings are written: bytes, or <c>64KiB</c>, <c>1MiB</c>, <c>1GiB</c>, <c>1TiB</c>.</summary>
internal static class ByteSizes
{
    private static readonly (string Unit, int Shift)[] Units = [("KiB", 10), ("MiB", 20), ("GiB", 30), ("TiB", 40), ("B", 0), ("", 0)];

    public static bool TryParse(string text, out long bytes)
    {
        text = text.Trim();
        bytes = 0;
        foreach (var (unit, shift) in Units)
        {
            if (!text.EndsWith(unit, StringComparison.OrdinalIgnoreCase))
                continue;
            var number = text.AsSpan(0, text.Length - unit.Length).TrimEnd();
            if (!long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var amount) || amount > long.MaxValue >> shift)
                return false;
            bytes = amount << shift;
            return true;
        }

        return false;
    }

    /// <summary>The shortest exact spelling.</summary>
    public static string Format(long bytes)
    {
        foreach (var (unit, shift) in Units.Take(4).Reverse())
        {
            if (bytes != 0 && bytes % (1L << shift) == 0)
                return $"{bytes >> shift}{unit}";
        }

        return bytes.ToString(CultureInfo.InvariantCulture);
    }
}

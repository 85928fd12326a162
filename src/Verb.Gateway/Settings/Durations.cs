using System.Globalization;

namespace Verb.Gateway.Settings;

/// <summary>Durations as settings are written: <c>500ms</c>, <c>2s</c>, <c>10m</c>, <c>1h</c>, <c>7d</c>, <c>00:00:02</c>, or <c>0</c>.</summary>
internal static class Durations
{
    public const string Allowed = "a duration such as 500ms, 2s, 10m, 1h, 7d or 00:00:02, from 0 to 3650d";

    private static readonly TimeSpan Longest = TimeSpan.FromDays(3650);

    // Longest first: "ms" ends in "s".
    private static readonly (string Unit, double Seconds)[] Units = [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600), ("d", 86_400)];

    public static bool TryParse(string text, out TimeSpan duration)
    {
        text = text.Trim();
        duration = TimeSpan.Zero;
        return text == "0" || (text.Contains(':') ? TryClock(text, out duration) : TryUnit(text, out duration));
    }

    public static bool IsAllowed(TimeSpan duration) => duration >= TimeSpan.Zero && duration <= Longest;

    private static bool TryClock(string text, out TimeSpan duration) =>
        TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out duration) && IsAllowed(duration);

    private static bool TryUnit(string text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        foreach (var (unit, factor) in Units)
        {
            if (!text.EndsWith(unit, StringComparison.OrdinalIgnoreCase))
                continue;
            var number = text.AsSpan(0, text.Length - unit.Length).TrimEnd();
            if (!double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount)
                || !(amount * factor <= Longest.TotalSeconds))
                return false;
            duration = TimeSpan.FromSeconds(amount * factor);
            return true;
        }

        return false;
    }
}

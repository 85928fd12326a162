using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using Verb.Gateway.Settings;

namespace Verb.Architecture.Tests.Docs;

/// <summary>The table of settings in the operations page is the options' own.</summary>
public sealed class SettingsPageTests
{
    private static readonly Dictionary<string, string> LeastOf = new() { ["Verb:Rooms:N:DedupeWindow"] = "10m" };

    [Fact]
    public void The_operations_page_has_every_setting_with_its_default_and_range()
    {
        var expected = Rows(typeof(VerbOptions), "Verb").ToArray();
        var actual = Page.At("docs/operations.md").Rows()
            .Where(row => row[0].StartsWith("`Verb:", StringComparison.Ordinal))
            .Select(row => string.Join(" | ", row.Take(3)))
            .ToArray();
        actual.Order().ShouldBe(expected.Order());
    }

    private static IEnumerable<string> Rows(Type type, string path)
    {
        var defaults = Activator.CreateInstance(type)!;
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanWrite))
        {
            var key = $"{path}:{property.Name}";
            var inner = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            if (inner == typeof(IReadOnlyList<string>))
                yield return Row(key, string.Join(",", (IReadOnlyList<string>)property.GetValue(defaults)!), "texts");
            else if (inner.IsGenericType)
                foreach (var row in Rows(inner.GenericTypeArguments[0], $"{key}:N"))
                    yield return row;
            else if (inner.IsClass && inner != typeof(string))
                foreach (var row in Rows(inner, key))
                    yield return row;
            else
                yield return Row(key, Text(property.GetValue(defaults), IsSize(property)), Range(key, property, inner));
        }
    }

    private static string Row(string key, string value, string range) => $"`{key}` | {(value.Length == 0 ? "none" : $"`{value}`")} | {range}";

    private static bool IsSize(PropertyInfo property) =>
        property.Name.Contains("Bytes", StringComparison.Ordinal) || property.GetCustomAttributes().Any(a => a.GetType().Name == "SizeAttribute");

    private static string Range(string key, PropertyInfo property, Type type)
    {
        if (type == typeof(bool))
            return "true, false";
        if (type == typeof(string))
            return "text";
        if (type == typeof(TimeSpan))
            return $"{LeastOf.GetValueOrDefault(key, "0")} to 3650d";
        if (type.IsEnum)
            return string.Join(", ", Enum.GetValues(type).Cast<object>().Select(value => Text(value, false)));
        var range = property.GetCustomAttribute<RangeAttribute>();
        var (least, most) = range is null
            ? (0L, long.MaxValue)
            : (Convert.ToInt64(range.Minimum, CultureInfo.InvariantCulture), Most(range));
        var open = most is long.MaxValue or int.MaxValue;
        return open ? $"from {Text(least, IsSize(property))}" : $"{Text(least, IsSize(property))} to {Text(most, IsSize(property))}";
    }

    private static long Most(RangeAttribute range) =>
        range.Maximum is >= (double)long.MaxValue ? long.MaxValue : Convert.ToInt64(range.Maximum, CultureInfo.InvariantCulture);

    private static string Text(object? value, bool isSize) => value switch
    {
        null => "",
        bool flag => flag ? "true" : "false",
        TimeSpan time => Duration(time),
        Enum choice => JsonNamingPolicy.SnakeCaseLower.ConvertName(choice.ToString()),
        int or long when isSize => Size(Convert.ToInt64(value, CultureInfo.InvariantCulture)),
        int or long => Convert.ToInt64(value, CultureInfo.InvariantCulture).ToString("0", CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };

    private static string Duration(TimeSpan time) => time == TimeSpan.Zero ? "0"
        : time.TotalSeconds % 60 == 0 && time.TotalMinutes >= 10 ? $"{time.TotalMinutes}m"
        : $"{time.TotalSeconds}s";

    private static string Size(long bytes)
    {
        foreach (var (unit, shift) in new[] { ("TiB", 40), ("GiB", 30), ("MiB", 20), ("KiB", 10) })
        {
            if (bytes != 0 && bytes % (1L << shift) == 0)
                return $"{bytes >> shift}{unit}";
        }

        return bytes.ToString(CultureInfo.InvariantCulture);
    }
}

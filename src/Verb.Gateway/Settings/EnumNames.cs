using System.Text.Json;

namespace Verb.Gateway.Settings;

/// <summary>The protocol's spelling of an enum: <c>DropOldest</c> is <c>drop_oldest</c>.</summary>
internal static class EnumNames
{
    public static string Of(object value) => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()!);

    public static IEnumerable<string> All(Type type) => Enum.GetValues(type).Cast<object>().Select(Of);

    public static bool TryParse(Type type, string text, out object? value)
    {
        value = Enum.GetValues(type).Cast<object>().FirstOrDefault(v => Of(v).Equals(text.Trim(), StringComparison.OrdinalIgnoreCase));
        return value is not null;
    }
}

using System.Reflection;
using System.Text.RegularExpressions;
using Verb.Gateway.Settings;

namespace Verb.Architecture.Tests.Docker;

/// <summary>The settings that a file names, as <c>Verb__A__B</c> or <c>--Verb:A:B</c>.</summary>
internal static partial class SettingNames
{
    public static IEnumerable<string> In(string text) => Names().Matches(text).Select(match => match.Groups[1].Value.Replace("__", ":", StringComparison.Ordinal));

    /// <summary>Whether there is such a setting.</summary>
    public static bool Exists(string name)
    {
        var type = typeof(VerbOptions);
        foreach (var part in name.Split(':'))
        {
            if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) && int.TryParse(part, out _))
                type = type.GenericTypeArguments[0];
            else if (type.GetProperty(part, BindingFlags.Public | BindingFlags.Instance) is { CanWrite: true } property)
                type = property.PropertyType;
            else
                return false;
        }

        return type != typeof(VerbOptions);
    }

    [GeneratedRegex(@"(?:\bVerb__|--Verb:)([A-Za-z0-9]+(?:(?:__|:)[A-Za-z0-9]+)*)")]
    private static partial Regex Names();
}

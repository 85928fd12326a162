using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace Verb.Gateway.Settings;

/// <summary>Fills options records from a configuration section, strictly: a key that is not known is an error.</summary>
internal static class SettingsBinder
{
    public static T Bind<T>(IConfigurationSection section) => (T)BindRecord(section, typeof(T));

    private static object BindRecord(IConfigurationSection section, Type type)
    {
        var record = Activator.CreateInstance(type)!;
        var properties = type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.CanWrite).ToArray();
        if (!string.IsNullOrEmpty(section.Value))
            throw new VerbSettingsException(section.Path, null, $"is a section and takes no value; its keys are {Names(properties)}");
        foreach (var child in section.GetChildren())
        {
            var property = properties.FirstOrDefault(p => p.Name.Equals(child.Key, StringComparison.OrdinalIgnoreCase))
                ?? throw Unknown(section, child, properties);
            BindProperty(child, record, property);
        }

        return record;
    }

    private static void BindProperty(IConfigurationSection section, object record, PropertyInfo property)
    {
        if (Setting.Covers(property.PropertyType))
            BindScalar(section, record, property);
        else if (property.PropertyType == typeof(IReadOnlyList<string>))
            property.SetValue(record, Texts(section));
        else if (property.PropertyType.IsGenericType)
            property.SetValue(record, Records(section, property.PropertyType.GenericTypeArguments[0]));
        else
            property.SetValue(record, BindRecord(section, property.PropertyType));
    }

    private static void BindScalar(IConfigurationSection section, object record, PropertyInfo property)
    {
        var setting = new Setting(property);
        if (section.GetChildren().FirstOrDefault() is { } child)
            throw new VerbSettingsException(child.Path, null, $"is not a known key: {section.Path} is one value and must be {setting.Allowed()}");
        if (section.Value is not { } text)
            return; // A JSON null leaves the default.
        if (!setting.TryRead(text, out var value))
            throw new VerbSettingsException(section.Path, setting.IsSecret ? null : text, $"must be {setting.Allowed()}");
        property.SetValue(record, value);
    }

    /// <summary>A list of texts: numbered keys, or one value with commas.</summary>
    private static string[] Texts(IConfigurationSection section)
    {
        var entries = Numbered(section);
        var texts = entries.Length == 0
            ? (section.Value ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            : [.. entries.Select(entry => entry.Value?.Trim() ?? "")];
        return Array.IndexOf(texts, "") < 0
            ? texts
            : throw new VerbSettingsException(section.Path, null, "every entry must be a text that is not empty");
    }

    private static Array Records(IConfigurationSection section, Type type)
    {
        if (!string.IsNullOrEmpty(section.Value))
            throw new VerbSettingsException(section.Path, null, $"takes no value; its entries are {section.Path}:0, {section.Path}:1 and so on");
        var entries = Numbered(section);
        var records = Array.CreateInstance(type, entries.Length);
        for (var i = 0; i < entries.Length; i++)
            records.SetValue(BindRecord(entries[i], type), i);
        return records;
    }

    private static IConfigurationSection[] Numbered(IConfigurationSection section) =>
        [.. section.GetChildren().Select(child => (Entry: child, Number: Number(section, child))).OrderBy(pair => pair.Number).Select(pair => pair.Entry)];

    private static int Number(IConfigurationSection section, IConfigurationSection child) =>
        int.TryParse(child.Key, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new VerbSettingsException(child.Path, null, $"is not a known key: the entries are {section.Path}:0, {section.Path}:1 and so on");

    private static VerbSettingsException Unknown(IConfigurationSection section, IConfigurationSection child, PropertyInfo[] properties) =>
        new(child.Path, null, $"is not a known key; did you mean {section.Path}:{NearestName.Of(child.Key, properties.Select(p => p.Name))}?");

    private static string Names(PropertyInfo[] properties) => string.Join(", ", properties.Select(p => p.Name));
}

namespace Verb.Gateway.Settings;

/// <summary>A setting that stops the start. The message is one line: the key, the value, what is allowed.</summary>
public sealed class VerbSettingsException : Exception
{
    private const int ShownCharacters = 80;

    /// <summary>A setting with a wrong value.</summary>
    /// <param name="key">The full key, such as <c>Verb:Limits:Connections</c>.</param>
    /// <param name="value">The value as it came; null where it is a secret or where there is none.</param>
    /// <param name="problem">What is wrong, or what is allowed.</param>
    public VerbSettingsException(string key, string? value, string problem)
        : base(value is null ? $"{OneLine(key)}: {problem}" : $"{OneLine(key)} = \"{OneLine(value)}\": {problem}") => Key = key;

    /// <summary>The full key of the setting.</summary>
    public string Key { get; }

    private static string OneLine(string text)
    {
        var shown = text.Length > ShownCharacters ? text[..ShownCharacters] + "…" : text;
        return string.Create(shown.Length, shown, static (span, source) =>
        {
            for (var i = 0; i < span.Length; i++)
                span[i] = char.IsControl(source[i]) ? ' ' : source[i];
        });
    }
}

using System.Text.Json;

namespace Verb.Gateway.Http;

/// <summary>The fields of one JSON object that is known to be valid JSON, as the bytes that came.</summary>
internal sealed class JsonFields
{
    private readonly Dictionary<string, Field> _fields = new(StringComparer.Ordinal);

    private JsonFields()
    {
    }

    /// <summary>Finds the fields of <paramref name="json"/>; null and what is wrong where it is no object or names a field twice.</summary>
    public static JsonFields? Scan(ReadOnlyMemory<byte> json, string what, out string problem)
    {
        problem = $"{what} must be a JSON object.";
        var fields = new JsonFields();
        var reader = new Utf8JsonReader(json.Span);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            return null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (Text(ref reader) is not { } name)
            {
                problem = $"{what} has a field whose name is no valid text.";
                return null;
            }

            reader.Read();
            var start = (int)reader.TokenStartIndex;
            var kind = reader.TokenType;
            reader.Skip();
            if (!fields._fields.TryAdd(name, new Field(kind, json[start..(int)reader.BytesConsumed])))
            {
                problem = $"The field '{Shown(name)}' appears twice.";
                return null;
            }
        }

        problem = "";
        return fields;
    }

    /// <summary>The field's JSON, <c>null</c> too; null where there is no such field.</summary>
    public ReadOnlyMemory<byte>? Raw(string name) => _fields.TryGetValue(name, out var field) ? field.Json : (ReadOnlyMemory<byte>?)null;

    /// <summary>Whether the field is there and not <c>null</c>.</summary>
    public bool Has(string name) => _fields.TryGetValue(name, out var field) && field.Kind != JsonTokenType.Null;

    /// <summary>Whether the field is a string.</summary>
    public bool IsText(string name) => _fields.TryGetValue(name, out var field) && field.Kind == JsonTokenType.String;

    /// <summary>The field's text; null where it is no string, or one with a lone surrogate.</summary>
    public string? Text(string name)
    {
        if (!IsText(name))
            return null;
        var reader = new Utf8JsonReader(_fields[name].Json.Span);
        reader.Read();
        return Text(ref reader);
    }

    private static string? Text(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            return null; // An escaped lone surrogate: valid JSON, no valid text.
        }
    }

    private static string Shown(string name) => name.Length <= 64 ? name : name[..64];

    private readonly record struct Field(JsonTokenType Kind, ReadOnlyMemory<byte> Json);
}

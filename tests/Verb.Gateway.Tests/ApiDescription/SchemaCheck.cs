using System.Text.Json;

namespace Verb.Gateway.Tests.ApiDescription;

/// <summary>As much of JSON Schema as the hub's documents use; an undocumented field is a mistake here, too.</summary>
internal static class SchemaCheck
{
    /// <summary>What is wrong with <paramref name="value"/>; empty where nothing is.</summary>
    public static List<string> Problems(JsonElement root, JsonElement schema, JsonElement value)
    {
        var problems = new List<string>();
        Check(root, schema, value, "$", problems);
        return problems;
    }

    /// <summary>Follows <c>$ref</c>.</summary>
    public static JsonElement Resolve(JsonElement root, JsonElement schema)
    {
        while (schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty("$ref", out var reference))
        {
            schema = root;
            foreach (var step in reference.GetString()![2..].Split('/'))
                schema = schema.GetProperty(step);
        }

        return schema;
    }

    private static void Check(JsonElement root, JsonElement schema, JsonElement value, string at, List<string> problems)
    {
        schema = Resolve(root, schema);
        if (schema.TryGetProperty("const", out var only) && !JsonElement.DeepEquals(only, value))
            problems.Add($"{at} is not {only}");
        if (schema.TryGetProperty("enum", out var values) && !values.EnumerateArray().Any(v => JsonElement.DeepEquals(v, value)))
            problems.Add($"{at} is none of {values}");
        if (schema.TryGetProperty("type", out var type) && !IsOf(type.GetString()!, value))
            problems.Add($"{at} is no {type}");
        if (schema.TryGetProperty("minimum", out var least) && value.GetDouble() < least.GetDouble())
            problems.Add($"{at} is below {least}");
        if (schema.TryGetProperty("oneOf", out var alternatives)
            && alternatives.EnumerateArray().Count(s => Problems(root, s, value).Count == 0) != 1)
            problems.Add($"{at} is not exactly one of {alternatives}");
        if (schema.TryGetProperty("anyOf", out alternatives) && alternatives.EnumerateArray().All(s => Problems(root, s, value).Count > 0))
            problems.Add($"{at} is not any of {alternatives}");
        if (value.ValueKind == JsonValueKind.Array && schema.TryGetProperty("items", out var items))
        {
            foreach (var item in value.EnumerateArray())
                Check(root, items, item, at + "[]", problems);
        }

        if (value.ValueKind == JsonValueKind.Object)
            CheckFields(root, schema, value, at, problems);
    }

    private static void CheckFields(JsonElement root, JsonElement schema, JsonElement value, string at, List<string> problems)
    {
        if (schema.TryGetProperty("required", out var required))
            problems.AddRange(required.EnumerateArray().Where(name => !value.TryGetProperty(name.GetString()!, out _)).Select(name => $"{at}.{name} is missing"));
        var isOpen = !schema.TryGetProperty("type", out _) || schema.TryGetProperty("additionalProperties", out _);
        foreach (var field in value.EnumerateObject())
        {
            if (schema.TryGetProperty("properties", out var properties) && properties.TryGetProperty(field.Name, out var inner))
                Check(root, inner, field.Value, $"{at}.{field.Name}", problems);
            else if (!isOpen)
                problems.Add($"{at}.{field.Name} is not documented");
        }
    }

    private static bool IsOf(string type, JsonElement value) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "number" => value.ValueKind == JsonValueKind.Number,
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        "null" => value.ValueKind == JsonValueKind.Null,
        _ => false,
    };
}

using System.Text.Json;

namespace Verb.Gateway.Tests.ApiDescription;

/// <summary>Follows every <c>$ref</c> of a document.</summary>
internal static class References
{
    public static void Check(JsonElement root) => Check(root, root);

    private static void Check(JsonElement root, JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in element.EnumerateArray())
                Check(root, item);
        }
        else if (element.ValueKind == JsonValueKind.Object)
        {
            if (element.TryGetProperty("$ref", out _))
                SchemaCheck.Resolve(root, element);
            foreach (var field in element.EnumerateObject())
                Check(root, field.Value);
        }
    }
}

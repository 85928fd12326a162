namespace Verb.Gateway.ApiDescription;

/// <summary>The documents that describe the hub to tools. They are written by hand, beside the code, and tested against it.</summary>
internal static class Document
{
    /// <summary>OpenAPI 3.1.</summary>
    public static byte[] OpenApi { get; } = Read("openapi.json");

    /// <summary>AsyncAPI 3.0.</summary>
    public static byte[] AsyncApi { get; } = Read("asyncapi.json");

    private static byte[] Read(string name)
    {
        using var stream = typeof(Document).Assembly.GetManifestResourceStream($"Verb.Gateway.ApiDescription.{name}")!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}

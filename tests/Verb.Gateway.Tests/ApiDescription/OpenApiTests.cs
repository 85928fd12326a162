using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Verb.Gateway.ApiDescription;
using Verb.Gateway.Tests.Health;

namespace Verb.Gateway.Tests.ApiDescription;

public sealed class OpenApiTests
{
    private static readonly JsonElement Root = JsonElement.Parse(Document.OpenApi);

    [Fact]
    public async Task Every_route_is_described_and_none_else()
    {
        await using var app = await HubApp.Start();
        var mapped = app.Endpoints.SelectMany(endpoint => endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods
            .Select(method => $"{method} {Path(endpoint.RoutePattern.RawText!)}"));
        var described = Root.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject()
            .Select(operation => $"{operation.Name.ToUpperInvariant()} {path.Name}"));
        described.ShouldBe(mapped, ignoreOrder: true);
    }

    [Theory]
    [InlineData("/openapi.json", "openapi", "3.1.0")]
    [InlineData("/asyncapi.json", "asyncapi", "3.0.0")]
    public async Task The_documents_are_served(string path, string field, string version)
    {
        await using var app = await HubApp.Start();
        using var json = await app.Json(path);
        json.RootElement.GetProperty(field).GetString().ShouldBe(version);
    }

    [Fact]
    public void Every_parameter_of_a_path_is_described()
    {
        foreach (var path in Root.GetProperty("paths").EnumerateObject())
        {
            foreach (var operation in path.Value.EnumerateObject())
            {
                var described = operation.Value.TryGetProperty("parameters", out var parameters)
                    ? parameters.EnumerateArray().Where(p => p.GetProperty("in").GetString() == "path").Select(p => $"{{{p.GetProperty("name").GetString()}}}")
                    : [];
                described.ShouldBe(path.Name.Split('/').Where(segment => segment.StartsWith('{')));
            }
        }
    }

    [Fact]
    public void Every_operation_has_an_id_of_its_own()
    {
        var ids = Root.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject())
            .Select(operation => operation.Value.GetProperty("operationId").GetString()).ToList();
        ids.Distinct().Count().ShouldBe(ids.Count);
    }

    [Fact]
    public void What_both_documents_describe_they_describe_alike()
    {
        var others = JsonElement.Parse(Document.AsyncApi).GetProperty("components").GetProperty("schemas");
        foreach (var schema in Root.GetProperty("components").GetProperty("schemas").EnumerateObject())
        {
            if (others.TryGetProperty(schema.Name, out var other))
                JsonElement.DeepEquals(schema.Value, other).ShouldBeTrue(schema.Name);
        }
    }

    [Fact]
    public void Every_reference_leads_somewhere() => References.Check(Root);

    private static string Path(string pattern) => pattern.Replace("{*", "{", StringComparison.Ordinal);
}

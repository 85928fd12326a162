using System.Net;
using System.Text.Json;

namespace Verb.Gateway.Tests.Http;

internal static class ResponseExpectations
{
    /// <summary>The answer is a refusal with this status and code; its message.</summary>
    public static async Task<string> ShouldBeRefused(this HttpResponseMessage response, HttpStatusCode status, string code)
    {
        var text = await response.Content.ReadAsStringAsync();
        response.StatusCode.ShouldBe(status, text);
        using var json = JsonDocument.Parse(text);
        json.RootElement.GetProperty("success").GetBoolean().ShouldBeFalse();
        var error = json.RootElement.GetProperty("error");
        error.GetProperty("code").GetString().ShouldBe(code);
        return error.GetProperty("message").GetString()!;
    }

    /// <summary>The answer is this JSON.</summary>
    public static async Task ShouldBeJson(this HttpResponseMessage response, string json)
    {
        var text = await response.Content.ReadAsStringAsync();
        response.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
        text.ShouldBe(json);
    }
}

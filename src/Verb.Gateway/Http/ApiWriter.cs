using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Verb.Contracts;

namespace Verb.Gateway.Http;

/// <summary>Writes answers as the replies of the socket protocol, less <c>type</c> and <c>id</c>.</summary>
internal static class ApiWriter
{
    public const string Json = "application/json; charset=utf-8";

    private const int MillisecondsPerSecond = 1000;

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static async Task Write(HttpContext http, ApiResult result)
    {
        var response = http.Response;
        response.StatusCode = result.Status;
        response.ContentType = Json;
        response.Headers.CacheControl = "no-store";
        response.Headers[HeaderNames.XContentTypeOptions] = "nosniff";
        if (result.Status == StatusCodes.Status401Unauthorized)
            response.Headers.WWWAuthenticate = "Bearer";
        if (result.Error?.RetryAfter is { } wait)
            response.Headers.RetryAfter = Seconds(wait).ToString(CultureInfo.InvariantCulture);
        var bytes = Bytes(result);
        response.ContentLength = bytes.Length;
        if (!HttpMethods.IsHead(http.Request.Method))
            await response.Body.WriteAsync(bytes, http.RequestAborted);
    }

    /// <summary>Whole seconds, rounded up: <c>Retry-After</c> has no smaller unit (RFC 9110, section 10.2.3).</summary>
    private static long Seconds(long milliseconds) => Math.Max(1, (milliseconds + MillisecondsPerSecond - 1) / MillisecondsPerSecond);

    private static byte[] Bytes(ApiResult result)
    {
        if (result.Error is null)
            return [.. "{\"success\":true,\"data\":"u8, .. WireFormat.Body(result.Body ?? ReplyBody.Empty.Instance), (byte)'}'];
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
            WriteError(json, result.Error);
        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteError(Utf8JsonWriter json, CommandError error)
    {
        json.WriteStartObject();
        json.WriteBoolean("success", false);
        json.WriteStartObject("error");
        json.WriteString("code", error.Code.WireName());
        json.WriteString("message", error.Message);
        if (error.RetryAfter is { } retryAfter)
            json.WriteNumber("retryAfter", retryAfter);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}

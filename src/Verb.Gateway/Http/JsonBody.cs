using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Verb.Contracts;

namespace Verb.Gateway.Http;

/// <summary>A request's body: one JSON value within a limit, or the refusal that answers it.</summary>
internal readonly record struct JsonBody(ReadOnlyMemory<byte> Json, ApiResult? Refusal)
{
    private const string Utf8Name = "utf-8";

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>Reads the body; no more than <paramref name="most"/> bytes of it are kept.</summary>
    public static async Task<JsonBody> Read(HttpContext http, int most)
    {
        var request = http.Request;
        if (!IsJson(request))
            return Refused(ApiResult.Refused(
                StatusCodes.Status415UnsupportedMediaType, ErrorCode.InvalidMessage, "The body must be application/json in UTF-8, not encoded otherwise."));
        if (request.ContentLength > most)
            return TooLarge(most);

        var reader = request.BodyReader;
        while (true)
        {
            var result = await reader.ReadAsync(http.RequestAborted);
            var buffer = result.Buffer;
            if (buffer.Length > most)
            {
                reader.AdvanceTo(buffer.End);
                return TooLarge(most);
            }

            if (!result.IsCompleted)
            {
                reader.AdvanceTo(buffer.Start, buffer.End);
                continue;
            }

            var json = WithoutMark(buffer.ToArray());
            reader.AdvanceTo(buffer.End);
            return JsonText.Problem(json.Span) is { } problem ? Refused(ApiResult.Refused(ErrorCode.InvalidJson, problem)) : new JsonBody(json, null);
        }
    }

    /// <summary>Some tools begin what they send with a byte order mark: RFC 8259, section 8.1, lets who reads it pass over that.</summary>
    private static ReadOnlyMemory<byte> WithoutMark(byte[] body) => body.AsMemory(body.AsSpan().StartsWith(ByteOrderMark) ? ByteOrderMark.Length : 0);

    private static bool IsJson(HttpRequest request)
    {
        if (request.Headers.ContentEncoding.Count > 0 || !MediaTypeHeaderValue.TryParse(request.ContentType, out var type))
            return false;
        return (type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
                || (type.Type.Equals("application", StringComparison.OrdinalIgnoreCase) && type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase)))
            && (!type.Charset.HasValue || HeaderUtilities.RemoveQuotes(type.Charset).Equals(Utf8Name, StringComparison.OrdinalIgnoreCase));
    }

    private static JsonBody TooLarge(int most) =>
        Refused(ApiResult.Refused(ErrorCode.PayloadTooLarge, $"The body may have at most {most} bytes."));

    private static JsonBody Refused(ApiResult refusal) => new(default, refusal);
}

using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;
using Verb.Actors.Durability;
using Verb.Actors.Files;
using Verb.Contracts;
using Verb.Gateway.Http;

namespace Verb.Gateway.Files;

/// <summary>
/// Serves an uploaded file: always as an attachment that no browser runs, whatever its type claims. The random id suffices, unless the file
/// is for a room: then the caller needs that room's read right.
/// </summary>
internal sealed partial class FileEndpoint(IFileStore store, IVerbHub hub, ApiAccess access, ILogger log)
{
    private const string Sandbox = "sandbox; default-src 'none'";
    private const string PrivateCache = "private, max-age=3600";

    public async Task Handle(HttpContext http)
    {
        try
        {
            await using var content = await store.Open((string)http.Request.RouteValues["id"]!, http.RequestAborted);
            if (content is null)
                await ApiWriter.Write(http, ApiResult.Refused(ErrorCode.NotFound, "There is no such file."));
            else if (await RefusalOf(http, content.File) is { } refusal)
                await ApiWriter.Write(http, refusal);
            else
                await Serve(http, content);
        }
        catch (StorageException failure)
        {
            LogFailed(log, failure);
            if (!http.Response.HasStarted)
                await ApiWriter.Write(http, ApiResult.Refused(CommandError.Overloaded with { Message = "The file cannot be read now. Try again." }));
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The client has gone.
        }
    }

    private async Task<ApiResult?> RefusalOf(HttpContext http, StoredFile file)
    {
        if (file.Room is not { } room)
            return null;
        var caller = await access.ToReadFile(http);
        if (caller.Refusal is { } refusal)
            return refusal;
        if (caller.Identity is not { } reader)
            return null;
        var answer = await hub.CheckReadAsync(room, reader, http.RequestAborted);
        return answer.IsSuccess ? null : ApiResult.Of(answer);
    }

    private static Task Serve(HttpContext http, FileContent content)
    {
        var headers = http.Response.Headers;
        headers[HeaderNames.XContentTypeOptions] = "nosniff";
        headers.ContentSecurityPolicy = Sandbox;
        headers.CacheControl = PrivateCache;
        return TypedResults.Stream(
            content.Stream,
            content.File.MimeType,
            content.File.Name,
            DateTimeOffset.FromUnixTimeMilliseconds(content.File.Timestamp),
            new EntityTagHeaderValue($"\"{content.File.Sha256}\""),
            enableRangeProcessing: true).ExecuteAsync(http);
    }

    [LoggerMessage(1511, LogLevel.Error, "A file could not be read")]
    private static partial void LogFailed(ILogger log, StorageException failure);
}

using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Verb.Contracts;

namespace Verb.Gateway.Http;

/// <summary>Runs one route's handler and writes what it answers; what it throws is answered too.</summary>
internal sealed partial class ApiEndpoint(Func<HttpContext, Task<ApiResult>> handler, ILogger log)
{
    public async Task Handle(HttpContext http)
    {
        try
        {
            await ApiWriter.Write(http, await Run(http));
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The client has gone: there is nobody to answer.
        }
    }

    private async Task<ApiResult> Run(HttpContext http)
    {
        try
        {
            return await handler(http);
        }
        catch (BadHttpRequestException bad)
        {
            var code = bad.StatusCode == StatusCodes.Status413PayloadTooLarge ? ErrorCode.PayloadTooLarge : ErrorCode.InvalidMessage;
            return ApiResult.Refused(bad.StatusCode, code, "The request could not be read.");
        }
        catch (Exception failure) when (!http.RequestAborted.IsCancellationRequested)
        {
            LogFailed(log, http.GetEndpoint()?.DisplayName, failure);
            return ApiResult.Refused(CommandError.Internal);
        }
    }

    [LoggerMessage(1501, LogLevel.Error, "{Route} failed")]
    private static partial void LogFailed(ILogger log, string? route, Exception failure);
}

using Microsoft.AspNetCore.Http;
using Verb.Contracts;

namespace Verb.Gateway.Http;

/// <summary>The HTTP status that goes with an error code.</summary>
internal static class ErrorStatus
{
    public static int Of(ErrorCode code) => code switch
    {
        ErrorCode.InvalidJson or ErrorCode.InvalidMessage or ErrorCode.UnknownType => StatusCodes.Status400BadRequest,
        ErrorCode.AuthRequired or ErrorCode.AuthFailed => StatusCodes.Status401Unauthorized,
        ErrorCode.Forbidden => StatusCodes.Status403Forbidden,
        ErrorCode.NotFound => StatusCodes.Status404NotFound,
        ErrorCode.NotInRoom or ErrorCode.NotSubscribed => StatusCodes.Status409Conflict,
        ErrorCode.PayloadTooLarge => StatusCodes.Status413PayloadTooLarge,
        ErrorCode.RateLimited => StatusCodes.Status429TooManyRequests,
        ErrorCode.Overloaded => StatusCodes.Status503ServiceUnavailable,
        ErrorCode.Timeout => StatusCodes.Status504GatewayTimeout,
        _ => StatusCodes.Status500InternalServerError,
    };
}

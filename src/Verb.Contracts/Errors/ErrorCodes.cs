namespace Verb.Contracts;

/// <summary>The wire names of <see cref="ErrorCode"/>.</summary>
public static class ErrorCodes
{
    /// <summary>The code as it stands in a reply: upper case, words joined by underscores.</summary>
    public static string WireName(this ErrorCode code) => code switch
    {
        ErrorCode.InvalidJson => "INVALID_JSON",
        ErrorCode.InvalidMessage => "INVALID_MESSAGE",
        ErrorCode.UnknownType => "UNKNOWN_TYPE",
        ErrorCode.AuthRequired => "AUTH_REQUIRED",
        ErrorCode.AuthFailed => "AUTH_FAILED",
        ErrorCode.Forbidden => "FORBIDDEN",
        ErrorCode.NotInRoom => "NOT_IN_ROOM",
        ErrorCode.NotSubscribed => "NOT_SUBSCRIBED",
        ErrorCode.NotFound => "NOT_FOUND",
        ErrorCode.RateLimited => "RATE_LIMITED",
        ErrorCode.Overloaded => "OVERLOADED",
        ErrorCode.PayloadTooLarge => "PAYLOAD_TOO_LARGE",
        ErrorCode.Timeout => "TIMEOUT",
        ErrorCode.Internal => "INTERNAL",
        _ => throw new ArgumentOutOfRangeException(nameof(code), code, null),
    };
}

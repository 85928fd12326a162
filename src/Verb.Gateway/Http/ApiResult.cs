using Verb.Contracts;

namespace Verb.Gateway.Http;

/// <summary>What a route answers with: data or a refusal, and the HTTP status.</summary>
internal readonly record struct ApiResult(int Status, ReplyBody? Body, CommandError? Error)
{
    public static ApiResult Of(Answer answer) =>
        answer.Error is { } error ? Refused(error) : new ApiResult(200, answer.Body, null);

    public static ApiResult Refused(CommandError error) => new(ErrorStatus.Of(error.Code), null, error);

    public static ApiResult Refused(ErrorCode code, string message) => Refused(new CommandError(code, message));

    /// <summary>A refusal for which HTTP has a closer status than the code's own.</summary>
    public static ApiResult Refused(int status, ErrorCode code, string message) => new(status, null, new CommandError(code, message));
}

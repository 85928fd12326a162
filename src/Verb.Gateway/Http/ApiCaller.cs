using Verb.Contracts;

namespace Verb.Gateway.Http;

/// <summary>Who calls the HTTP API, or why they may not.</summary>
/// <param name="Identity">The user behind the token; null where it is the application itself.</param>
/// <param name="Refusal">Why the call is refused; null where it is not.</param>
internal readonly record struct ApiCaller(Identity? Identity, ApiResult? Refusal)
{
    public static ApiCaller Application => default;

    public static ApiCaller Of(Identity identity) => new(identity, null);

    public static ApiCaller Refused(ErrorCode code, string message) => new(null, ApiResult.Refused(code, message));
}

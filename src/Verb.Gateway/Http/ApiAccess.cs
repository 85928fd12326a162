using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Verb.Contracts;
using Verb.Gateway.Auth;
using Verb.Gateway.Handshake;
using Verb.Gateway.Settings;

namespace Verb.Gateway.Http;

/// <summary>
/// Who may use the HTTP API. Publishing, and draining, needs the API key or an admin's token; with no key configured it is open in Development and
/// closed elsewhere; open is for programs and for pages that may connect, not for any page that a developer visits. Reading needs one of these or any user's token, whom the room's read policy then judges; in Development a hub in
/// anonymous mode lets everyone try.
/// </summary>
internal sealed class ApiAccess(VerbOptions options, ITokenVerifier verifier, IHostEnvironment environment)
{
    /// <summary>Who reads without a token where that is open: a room's read policy judges them like any anonymous user.</summary>
    private static readonly Identity Nobody = Identity.Anonymous(new UserId("anonymous"), Identity.AnonymousRole);

    private readonly Credentials _credentials = new(options.ApiKey, verifier);

    public ValueTask<ApiCaller> ToPublish(HttpContext http) => Admit(http, "Publishing");

    /// <summary>Draining is as open as publishing.</summary>
    public ValueTask<ApiCaller> ToDrain(HttpContext http) => Admit(http, "Draining");

    /// <summary>
    /// A room's file: whoever opens its link knows 128 random bits, so that where the hub takes anonymous users the room's read policy alone
    /// judges them.
    /// </summary>
    public async ValueTask<ApiCaller> ToReadFile(HttpContext http) =>
        options.Auth.Mode is AuthMode.Anonymous or AuthMode.Optional && await _credentials.Examine(http) is Credential.None
            ? ApiCaller.Of(Nobody)
            : await ToRead(http);

    public async ValueTask<ApiCaller> ToRead(HttpContext http) => await _credentials.Examine(http) switch
    {
        Credential.Key => ApiCaller.Application,
        Credential.Token token => ApiCaller.Of(token.Identity),
        Credential.Refused refused => ApiCaller.Refused(ErrorCode.AuthFailed, refused.Reason),
        _ when environment.IsDevelopment() && options.Auth.Mode == AuthMode.Anonymous => ApiCaller.Of(Nobody),
        _ => ApiCaller.Refused(ErrorCode.AuthRequired, $"Reading needs {Credentials.KeyHeader} or a user's token."),
    };

    private async ValueTask<ApiCaller> Admit(HttpContext http, string what)
    {
        var isOpen = environment.IsDevelopment() && !_credentials.HasKey;
        return await _credentials.Examine(http) switch
        {
            Credential.Key => ApiCaller.Application,
            Credential.Token { Identity.IsAdmin: true } admin => ApiCaller.Of(admin.Identity),
            Credential.Token or Credential.None when isOpen && !OriginRule.IsAllowed(http.Request, options.Socket.AllowedOrigins) => ApiCaller.Refused(
                ErrorCode.Forbidden, $"{what} is open to pages of this hub and of 'Verb:Socket:AllowedOrigins' alone, for 'Verb:ApiKey' is not set."),
            Credential.Token token when isOpen => ApiCaller.Of(token.Identity),
            Credential.Token => ApiCaller.Refused(ErrorCode.Forbidden, $"{what} needs the API key or an admin's token."),
            Credential.Refused refused => ApiCaller.Refused(ErrorCode.AuthFailed, refused.Reason),
            _ when isOpen => ApiCaller.Application,
            _ when !_credentials.HasKey => ApiCaller.Refused(
                ErrorCode.Forbidden, $"{what} is closed: the setting 'Verb:ApiKey' is not set. An admin's token is taken all the same."),
            _ => ApiCaller.Refused(ErrorCode.AuthRequired, $"{what} needs {Credentials.KeyHeader} or an admin's token."),
        };
    }
}

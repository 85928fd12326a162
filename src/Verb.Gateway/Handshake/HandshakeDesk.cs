using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;
using Verb.Gateway.Auth;
using Verb.Gateway.Limits;
using Verb.Gateway.WebSockets.Handshake;

namespace Verb.Gateway.Handshake;

/// <summary>
/// Decides on a handshake before the upgrade: rate, origin, subprotocol names, token, verifier, subprotocol, headers, in this order. It
/// writes nothing and counts no connection. Thread-safe.
/// </summary>
internal sealed class HandshakeDesk(
    HandshakeRate rate, ClientIdentities identities, ITokenVerifier tokens, TimeProvider clock, ILogger<HandshakeDesk> log)
{
    private static readonly HandshakeDecision.Refused ServerError =
        new(RefusalCause.Error, new HandshakeRefusal(StatusCodes.Status500InternalServerError, "Internal Server Error"));

    private static readonly HandshakeDecision.Refused ForeignOrigin =
        new(RefusalCause.Origin, new HandshakeRefusal(StatusCodes.Status403Forbidden, "Forbidden origin"));

    private static readonly HandshakeDecision.Refused Malformed =
        new(RefusalCause.Subprotocol, new HandshakeRefusal(StatusCodes.Status400BadRequest, "A subprotocol is not a token of HTTP"));

    private static readonly HandshakeDecision.Refused NotSpoken =
        new(RefusalCause.Subprotocol, new HandshakeRefusal(StatusCodes.Status400BadRequest, "None of the offered subprotocols is spoken here"));

    private readonly OriginLog _origins = new(log, clock);

    public async ValueTask<HandshakeDecision> Decide(HttpContext http, VerbRouteOptions route)
    {
        HandshakeDecision decision;
        try
        {
            decision = await Verify(http, route);
        }
        catch (Exception e) when (!http.RequestAborted.IsCancellationRequested)
        {
            HandshakeLog.Failed(log, http.Request.Path, e);
            return ServerError;
        }

        if (decision is HandshakeDecision.Refused refused)
            HandshakeLog.Refused(log, http.Request.Path, refused.Answer.Status, refused.Answer.Error);
        return decision;
    }

    private async ValueTask<HandshakeDecision> Verify(HttpContext http, VerbRouteOptions route)
    {
        if (FirstLook(http.Request, route) is { } early)
            return early;
        var client = identities.Identify(TokenSources.Session(http.Request));
        var auth = await HandshakeAuth.Decide(route.Mode, TokenSources.Token(http.Request), client, tokens, http.RequestAborted);
        if (auth is AuthOutcome.Unauthorized unauthorized)
            return Unauthorized(unauthorized);
        var connection = ClientConnections.Of(http, client.ClientId, clock.GetUtcNow(), withHeaders: !route.Events.IsEmpty);
        var offered = SubprotocolNames.Offered(http.Request.Headers.SecWebSocketProtocol);
        var context = new HandshakeContext(http, connection, (auth as AuthOutcome.Known)?.Identity, offered);
        if (await Verified(context, route) is { IsAccepted: false } refusal)
            return new HandshakeDecision.Refused(RefusalCause.Verifier, new HandshakeRefusal(refusal.Status, refusal.Reason) { Headers = refusal.Headers });
        var choice = SubprotocolSelection.Choose(context, route);
        return choice.IsRefused
            ? NotSpoken
            : new HandshakeDecision.Accepted(connection, client, auth, choice.Name, Headers(context, route));
    }

    /// <summary>What needs neither a key nor the host's code.</summary>
    private HandshakeDecision.Refused? FirstLook(HttpRequest request, VerbRouteOptions route)
    {
        if (!rate.TryTake(out var retryAfter))
        {
            return new HandshakeDecision.Refused(RefusalCause.HandshakeRate, new HandshakeRefusal(StatusCodes.Status503ServiceUnavailable, "Too many handshakes")
            {
                Headers = HandshakeRefusal.Header(HeaderNames.RetryAfter, retryAfter.ToString(CultureInfo.InvariantCulture)),
            });
        }

        if (!OriginRule.IsAllowed(request, route.Socket.AllowedOrigins))
        {
            _origins.Tell(request);
            return ForeignOrigin;
        }

        return SubprotocolNames.AreWellFormed(request.Headers.SecWebSocketProtocol) ? null : Malformed;
    }

    private static async ValueTask<HandshakeResult> Verified(HandshakeContext context, VerbRouteOptions route) => route.Verify is { } verify
        ? await verify(context) ?? throw new InvalidOperationException("The handshake verifier gave no result.")
        : HandshakeResult.Accept;

    private static HandshakeDecision.Refused Unauthorized(AuthOutcome.Unauthorized outcome) =>
        new(RefusalCause.Token, new HandshakeRefusal(StatusCodes.Status401Unauthorized, outcome.Message)
        {
            Headers = HandshakeRefusal.Header(HeaderNames.WWWAuthenticate, "Bearer"),
        });

    private static Dictionary<string, string> Headers(HandshakeContext context, VerbRouteOptions route)
    {
        var headers = new Dictionary<string, string>(route.Headers, StringComparer.OrdinalIgnoreCase);
        route.OnHeaders?.Invoke(context, headers);
        foreach (var (name, value) in headers)
            ResponseHeaders.Check(name, value);
        return headers;
    }
}

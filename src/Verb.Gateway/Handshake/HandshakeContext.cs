using Microsoft.AspNetCore.Http;
using Verb.Contracts;

namespace Verb.Gateway.Handshake;

/// <summary>What a verifier, a subprotocol selector and a header callback see of a handshake.</summary>
public sealed class HandshakeContext
{
    internal HandshakeContext(HttpContext http, ClientConnection connection, Identity? identity, IReadOnlyList<string> offered) =>
        (Http, Connection, Identity, OfferedSubprotocols) = (http, connection, identity, offered);

    /// <summary>The request; its secrets are in it. Valid until the upgrade.</summary>
    public HttpContext Http { get; }

    /// <summary>The client.</summary>
    public ClientConnection Connection { get; }

    /// <summary>The user, by token or anonymous; null where none is known yet.</summary>
    public Identity? Identity { get; }

    /// <summary>The subprotocols the client offers, in its order, without <c>bearer.…</c> and <c>session.…</c>.</summary>
    public IReadOnlyList<string> OfferedSubprotocols { get; }

    /// <summary>The header <c>Origin</c>; null where there is none.</summary>
    public string? Origin => Connection.Origin;

    /// <summary>Whether the client speaks TLS, as the host sees it behind its proxies.</summary>
    public bool IsSecure => Http.Request.IsHttps;

    /// <summary>The client has gone.</summary>
    public CancellationToken Cancellation => Http.RequestAborted;
}

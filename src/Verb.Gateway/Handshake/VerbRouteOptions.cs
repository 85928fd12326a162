using System.Collections.Frozen;
using Microsoft.AspNetCore.Http;
using Verb.Actors.Connections;
using Verb.Gateway.Auth;
using Verb.Gateway.Settings;

namespace Verb.Gateway.Handshake;

/// <summary>One socket route's own copy of the options, and its callbacks. Change a copy: <c>route with { Mode = AuthMode.Required }</c>.</summary>
public sealed record VerbRouteOptions
{
    /// <summary>What the route demands of those who connect. Default: <c>Verb:Auth:Mode</c>.</summary>
    public AuthMode Mode { get; init; }

    /// <summary>How long a connection may wait before it sends <c>auth</c> where that is demanded. Default: <c>Verb:Auth:Timeout</c>.</summary>
    public TimeSpan AuthTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Answers a request that is no WebSocket handshake, with a page for example. Default null: 400.</summary>
    public RequestDelegate? OnPlainRequest { get; init; }

    /// <summary>How the route's sockets live. Default: <c>Verb:Socket</c>.</summary>
    public SocketOptions Socket { get; init; } = new();

    /// <summary>
    /// What the route's connections may ask for. Default: <c>Verb:Limits</c>. Those of the node and of users and addresses
    /// (<c>Connections…</c>, <c>HandshakesPerSecond</c>) count for all routes together and are the hub's.
    /// </summary>
    public LimitOptions Limits { get; init; } = new();

    /// <summary>The subprotocols the route speaks, the preferred one first. Default <c>verb.v1</c>.</summary>
    public IReadOnlyList<string> Subprotocols { get; init; } = [SubprotocolNames.Verb];

    /// <summary>Chooses among what the client offers, in place of <see cref="Subprotocols"/>; may refuse with 400. Default null.</summary>
    public Func<HandshakeContext, SubprotocolChoice>? SelectSubprotocol { get; init; }

    /// <summary>Verifies each handshake. Default null: every one goes on.</summary>
    public HandshakeVerifier? Verify { get; init; }

    /// <summary>Headers of every 101 of this route.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = FrozenDictionary<string, string>.Empty;

    /// <summary>Changes the headers of one 101, just before it is sent; begins with <see cref="Headers"/>.</summary>
    public Action<HandshakeContext, IDictionary<string, string>>? OnHeaders { get; init; }

    /// <summary>What the host hears of the route's connections. Default: nothing.</summary>
    public ConnectionEvents Events { get; init; } = ConnectionEvents.None;

    /// <summary>A route with a copy of the hub's options.</summary>
    public static VerbRouteOptions From(VerbOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new VerbRouteOptions { Mode = options.Auth.Mode, AuthTimeout = options.Auth.Timeout, Socket = options.Socket, Limits = options.Limits };
    }

    /// <summary>Checks what a host has set, once, when the route is mapped.</summary>
    /// <param name="auth">The hub's keys.</param>
    /// <param name="hostVerifiesTokens">Whether the host brings its own <see cref="ITokenVerifier"/>, so that no key is needed.</param>
    /// <exception cref="ArgumentException">A header or a subprotocol is not allowed.</exception>
    /// <exception cref="VerbSettingsException">An option is not allowed.</exception>
    internal void Check(AuthOptions auth, bool hostVerifiesTokens)
    {
        SettingsRules.CheckRoute(auth with { Mode = Mode, Timeout = AuthTimeout }, Socket, Limits, hostVerifiesTokens);
        foreach (var (name, value) in Headers)
            ResponseHeaders.Check(name, value);
        foreach (var name in Subprotocols)
        {
            if (!SubprotocolNames.IsToken(name) || SubprotocolNames.IsSecret(name))
                throw new ArgumentException($"The subprotocol '{name}' is not a token of HTTP, or begins like a secret.");
        }
    }
}

using System.Net;

namespace Verb.Gateway.Handshake;

/// <summary>What is known of a client from its handshake; the same object for every callback of one connection.</summary>
public sealed record ClientConnection
{
    /// <summary>The client's id, a UUID; announced in <c>connected</c>.</summary>
    public required string ClientId { get; init; }

    /// <summary>Where the client connects from; behind a proxy what the host's forwarded headers make of it. Null where the transport has none.</summary>
    public IPAddress? RemoteAddress { get; init; }

    /// <summary>The header <c>User-Agent</c>; null where there is none.</summary>
    public string? UserAgent { get; init; }

    /// <summary>The header <c>Origin</c>; null where there is none.</summary>
    public string? Origin { get; init; }

    /// <summary>The path of the request.</summary>
    public required string Path { get; init; }

    /// <summary>What stands before the path and the host's other paths where the client is; empty: nothing.</summary>
    internal string PathBase { get; init; } = "";

    /// <summary>The query with its <c>?</c>, without <c>token</c> and <c>session</c>; empty where there is none.</summary>
    public string Query { get; init; } = "";

    /// <summary>
    /// The headers of the request, without those that hold secrets (<c>Authorization</c>, <c>Cookie</c>, <c>X-Api-Key</c>,
    /// <c>Sec-WebSocket-Protocol</c>). Empty where the route has no callbacks.
    /// </summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = System.Collections.Frozen.FrozenDictionary<string, string>.Empty;

    /// <summary>When the handshake came.</summary>
    public required DateTimeOffset ConnectedAt { get; init; }

    /// <summary>The host's own state of this connection. Callbacks of one connection never run at the same time.</summary>
    public IDictionary<object, object?> Items => field ??= new Dictionary<object, object?>();

    /// <summary>The client's id.</summary>
    public override string ToString() => ClientId;
}

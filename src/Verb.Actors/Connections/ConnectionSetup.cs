using Verb.Contracts;

namespace Verb.Actors.Connections;

/// <summary>What the handshake settled about a connection.</summary>
internal sealed record ConnectionSetup
{
    /// <summary>Which connection.</summary>
    public required ConnectionId Id { get; init; }

    /// <summary>Its client id: a UUID, kept by whoever presents the session.</summary>
    public required UserId ClientId { get; init; }

    /// <summary>The secret that keeps the client id, for the <c>connected</c> event.</summary>
    public required string Session { get; init; }

    /// <summary>Who it is; null where the route demands a user and none came with the handshake.</summary>
    public required Identity? Identity { get; init; }

    /// <summary>Where the token of the handshake was refused: why. The connection tells it and closes with 4002.</summary>
    public string? TokenRefusal { get; init; }

    /// <summary>Whether the route looks at tokens at all.</summary>
    public bool TakesTokens { get; init; }

    /// <summary>How long a client may take to authenticate where that is demanded.</summary>
    public TimeSpan AuthTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The path below which the client sees the hub, as far as the host knows it; empty: none.</summary>
    public string PathBase { get; init; } = "";

    /// <summary>How the socket lives.</summary>
    public required SocketOptions Socket { get; init; }

    /// <summary>How much it may ask for.</summary>
    public required LimitOptions Limits { get; init; }

    /// <summary>Holds the reader back while the hub owes the client too much.</summary>
    public ReaderGate Gate { get; } = new();

    /// <summary>Hears what happens to the connection.</summary>
    public IConnectionObserver? Observer { get; init; }
}

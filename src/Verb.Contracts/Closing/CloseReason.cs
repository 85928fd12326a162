namespace Verb.Contracts;

/// <summary>Why the hub ends a connection: the WebSocket close code and a short text.</summary>
/// <param name="Code">A close code of RFC 6455 section 7.4 or of the protocol's 4000 range.</param>
/// <param name="Reason">At most 123 UTF-8 bytes.</param>
public readonly record struct CloseReason(ushort Code, string Reason)
{
    /// <summary>1000: the client left.</summary>
    public static CloseReason Normal { get; } = new(1000, "");

    /// <summary>1001: the server stops; the client comes back.</summary>
    public static CloseReason ServerShutdown { get; } = new(1001, "Server shutting down");

    /// <summary>1001: nothing was received for too long.</summary>
    public static CloseReason Idle { get; } = new(1001, "Idle timeout");

    /// <summary>1001: the connection reached its longest life.</summary>
    public static CloseReason Lifetime { get; } = new(1001, "Lifetime reached");

    /// <summary>1008: too many refused commands.</summary>
    public static CloseReason Flood { get; } = new(1008, "Too many refused commands");

    /// <summary>1011: the hub failed.</summary>
    public static CloseReason InternalError { get; } = new(1011, "Internal error");

    /// <summary>1013: the node is at capacity.</summary>
    public static CloseReason AtCapacity { get; } = new(1013, "Server at capacity");

    /// <summary>4001: no token came in time.</summary>
    public static CloseReason AuthenticationRequired { get; } = new(4001, "Authentication required");

    /// <summary>4002: the token was refused.</summary>
    public static CloseReason InvalidToken { get; } = new(4002, "Invalid token");

    /// <summary>4002: the token expired and was not renewed.</summary>
    public static CloseReason TokenExpired { get; } = new(4002, "Token expired");

    /// <summary>4003: the user has too many connections.</summary>
    public static CloseReason TooManyConnections { get; } = new(4003, "Too many connections");

    /// <summary>4004: an admin removed the user.</summary>
    public static CloseReason Kicked { get; } = new(4004, "Removed by an admin");

    /// <summary>4005: the client reads too slowly for its send buffer.</summary>
    public static CloseReason TooSlow { get; } = new(4005, "Too slow for its send buffer");
}

namespace Verb.Contracts;

/// <summary>Why a command was refused. The wire name is in <see cref="ErrorCodes.WireName"/>.</summary>
public enum ErrorCode
{
    /// <summary>The frame is not one JSON object.</summary>
    InvalidJson,

    /// <summary>A field is missing, of the wrong type or out of range; the message names it.</summary>
    InvalidMessage,

    /// <summary>No such command.</summary>
    UnknownType,

    /// <summary>The route demands a user and the connection has none yet.</summary>
    AuthRequired,

    /// <summary>The token was refused, or is another user's.</summary>
    AuthFailed,

    /// <summary>The user lacks the role.</summary>
    Forbidden,

    /// <summary>The connection is not in that room.</summary>
    NotInRoom,

    /// <summary>The connection is not subscribed to that topic.</summary>
    NotSubscribed,

    /// <summary>What the command names does not exist.</summary>
    NotFound,

    /// <summary>Too many commands; carries <c>retryAfter</c>.</summary>
    RateLimited,

    /// <summary>The hub is too busy; nothing was stored; carries <c>retryAfter</c>, unless there is no space left for files.</summary>
    Overloaded,

    /// <summary>The message is larger than allowed.</summary>
    PayloadTooLarge,

    /// <summary>No answer in time; the outcome is open: send again with the same <c>messageId</c>.</summary>
    Timeout,

    /// <summary>The hub failed; the outcome is open: send again with the same <c>messageId</c>.</summary>
    Internal,
}

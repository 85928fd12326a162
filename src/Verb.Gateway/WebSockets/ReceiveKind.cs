namespace Verb.Gateway.WebSockets;

/// <summary>What a socket received.</summary>
internal enum ReceiveKind
{
    /// <summary>The connection is over; the last result there is.</summary>
    End,
    Text,
    Binary,
    Ping,
    Pong,

    /// <summary>The peer's close frame.</summary>
    Close,

    /// <summary>The peer broke the protocol or a limit: close with the code given.</summary>
    Failure,
}

namespace Verb.Gateway.WebSockets;

/// <summary>What a socket received.</summary>
internal enum ReceiveKind
{
    /// <summary>The connection is over; the last result there is.</summary>
    End,
    Text,
    Binary,

    /// <summary>A text or binary message beyond the limit of its kind: its beginning. The rest was skipped.</summary>
    TooLarge,
    Ping,
    Pong,

    /// <summary>The peer's close frame.</summary>
    Close,

    /// <summary>The peer broke the protocol or a limit: close with the code given.</summary>
    Failure,
}

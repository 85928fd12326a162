namespace Verb.TestKit.Hosting;

/// <summary>What came over a socket.</summary>
public enum SocketMessageKind
{
    /// <summary>A whole text message.</summary>
    Text,

    /// <summary>A whole binary message.</summary>
    Binary,

    /// <summary>A ping.</summary>
    Ping,

    /// <summary>A pong.</summary>
    Pong,

    /// <summary>A close frame.</summary>
    Close,

    /// <summary>The end of the connection.</summary>
    End,
}

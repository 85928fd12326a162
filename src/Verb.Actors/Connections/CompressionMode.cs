namespace Verb.Actors.Connections;

/// <summary>How a route uses permessage-deflate (RFC 7692).</summary>
public enum CompressionMode
{
    /// <summary>Not offered.</summary>
    Disabled,

    /// <summary>A message is deflated once however many connections it goes to; no context is kept.</summary>
    Shared,

    /// <summary>Each connection keeps its own compression context.</summary>
    Dedicated,
}

namespace Verb.Actors.Delivery;

/// <summary>What a message's payload is to the client.</summary>
public enum FrameKind
{
    /// <summary>UTF-8 text.</summary>
    Text,

    /// <summary>Bytes.</summary>
    Binary,
}

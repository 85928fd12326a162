namespace Verb.Actors.Delivery;

/// <summary>How a message looks on the wire to a class of sockets. An <see cref="Outgoing"/> is encoded once per shared format.</summary>
public interface IWireFormat
{
    /// <summary>Where an <see cref="Outgoing"/> keeps this format's bytes: 0 plain WebSocket, 1 shared deflate with the largest window, 2 to 7 with ever smaller ones, -1 not shareable.</summary>
    int Slot { get; }

    /// <summary>The whole message, framed. Called on any thread, perhaps by several at once: a shared format keeps no state between calls.</summary>
    byte[] Encode(ReadOnlySpan<byte> payload, FrameKind kind);
}

using Verb.Actors.Delivery;
using Verb.Contracts;

namespace Verb.Actors.Connections;

/// <summary>
/// A client's socket, as its connection actor writes to it. Called only on that actor's turn, one call at a time; while a flush has not completed
/// only <see cref="Close"/> and <see cref="Abort"/>.
/// </summary>
public interface IClientSocket
{
    /// <summary>
    /// The <see cref="TimeProvider"/> timestamp at which the last byte was received; now while nobody waits for the next one, for then more may
    /// have come. Readable from any thread.
    /// </summary>
    long LastReceived { get; }

    /// <summary>Appends the message, encoded for this socket, to the transport's buffer. Never blocks, never throws for a dead peer.</summary>
    void Write(Outgoing message);

    /// <summary>Sends what was written; completes when the peer's side takes more. False once the connection is gone.</summary>
    ValueTask<bool> Flush();

    /// <summary>A protocol ping of at most 125 bytes; nothing where the transport has none.</summary>
    void Ping(ReadOnlySpan<byte> payload);

    /// <summary>A protocol pong of at most 125 bytes; nothing where the transport has none.</summary>
    void Pong(ReadOnlySpan<byte> payload);

    /// <summary>Ends the connection in order: the close frame goes behind everything written, and the socket waits for the peer's up to a deadline.</summary>
    void Close(CloseReason reason);

    /// <summary>Cuts the connection at once.</summary>
    void Abort();
}

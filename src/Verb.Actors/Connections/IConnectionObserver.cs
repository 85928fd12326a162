using Verb.Contracts;

namespace Verb.Actors.Connections;

/// <summary>Hears what happens to a connection, on the connection's turn: it must return at once.</summary>
internal interface IConnectionObserver
{
    /// <summary>Everything that waited for a slow socket has been written.</summary>
    void Drained();

    /// <summary>The user is known, from the handshake or by <c>auth</c>, or has changed.</summary>
    void Identified(Identity identity);

    /// <summary>The connection ends. <paramref name="lost"/>: without a close frame of the client.</summary>
    void Ended(CloseReason reason, bool lost);
}

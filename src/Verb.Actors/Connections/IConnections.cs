namespace Verb.Actors.Connections;

/// <summary>The way to a connection, on whichever node it is. What cannot be told any more is dropped: the connection is gone.</summary>
public interface IConnections
{
    /// <summary>Tells the connection.</summary>
    void Tell(ConnectionId connection, ConnectionMessage message);
}

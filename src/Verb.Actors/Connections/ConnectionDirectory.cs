using System.Collections.Concurrent;
using Akka.Actor;

namespace Verb.Actors.Connections;

/// <summary>The connections of this node, by id. Written where a connection begins and ends, read from everywhere.</summary>
internal sealed class ConnectionDirectory : IConnections
{
    private readonly ConcurrentDictionary<ConnectionId, IActorRef> _connections = new(new ByNumber());

    /// <summary>How many connections there are.</summary>
    public int Count => _connections.Count;

    /// <summary>Every connection, as they come and go.</summary>
    public IEnumerable<IActorRef> All => _connections.Select(pair => pair.Value);

    /// <summary>The connection, or null where it is gone.</summary>
    public IActorRef? Find(ConnectionId id) => _connections.GetValueOrDefault(id);

    /// <inheritdoc/>
    public void Tell(ConnectionId connection, ConnectionMessage message) => Find(connection)?.Tell(message);

    /// <summary>Tells every connection. How many there were.</summary>
    public int TellAll(ConnectionMessage message)
    {
        var told = 0;
        foreach (var connection in All)
        {
            connection.Tell(message, ActorRefs.NoSender);
            told++;
        }

        return told;
    }

    internal void Add(ConnectionId id, IActorRef connection) => _connections[id] = connection;

    internal void Remove(ConnectionId id) => _connections.TryRemove(id, out _);

    /// <summary>The connections of one node differ in their numbers; their order is the same in every process, too.</summary>
    private sealed class ByNumber : IEqualityComparer<ConnectionId>
    {
        public bool Equals(ConnectionId x, ConnectionId y) => x == y;

        public int GetHashCode(ConnectionId id) => id.Number.GetHashCode();
    }
}

using Verb.Actors.Connections;
using Verb.Contracts;

namespace Verb.Actors.Rooms;

/// <summary>
/// Who is in a room: connections, and the users they belong to. A user with several connections counts once, joins once and leaves with
/// the last one; a user whose last connection was lost lingers for a while. Pure.
/// </summary>
internal sealed class RoomMembers
{
    private readonly Dictionary<ConnectionId, Member> _connections = [];
    private readonly SortedDictionary<string, Presence> _users = new(StringComparer.Ordinal);
    private readonly Dictionary<Sharding.NodeId, int> _nodes = [];

    /// <summary>How many users are in the room, those who linger included.</summary>
    public int UserCount => _users.Count;

    /// <summary>The nodes that have members.</summary>
    public IEnumerable<Sharding.NodeId> Nodes => _nodes.Keys;

    public Member? Find(ConnectionId connection) => _connections.GetValueOrDefault(connection);

    /// <summary>Adds a connection, or replaces what it asked for. True where its user was not in the room before.</summary>
    public bool Add(Member member)
    {
        if (_connections.TryGetValue(member.Connection, out var before) && before.Identity.User.Id != member.Identity.User.Id)
            Remove(member.Connection, linger: false);
        if (!_connections.ContainsKey(member.Connection))
            _nodes[member.Connection.Node] = _nodes.GetValueOrDefault(member.Connection.Node) + 1;
        _connections[member.Connection] = member;

        var user = member.Identity.User;
        var known = _users.TryGetValue(user.Id.Value, out var presence);
        if (!known)
            _users[user.Id.Value] = presence = new Presence();
        presence!.User = user;
        presence.Connections.Add(member.Connection);
        return !known;
    }

    /// <summary>Removes a connection. Tells whether it was there and whether its user left the room with it.</summary>
    /// <param name="connection">The connection that is gone.</param>
    /// <param name="linger">The user stays in the room until <see cref="EndLingering"/> where this was the last connection.</param>
    public (Member? Member, bool UserLeft, bool Lingers) Remove(ConnectionId connection, bool linger)
    {
        if (!_connections.Remove(connection, out var member))
            return (null, false, false);
        if (--_nodes[connection.Node] == 0)
            _nodes.Remove(connection.Node);

        var id = member.Identity.User.Id.Value;
        var presence = _users[id];
        presence.Connections.Remove(connection);
        if (presence.Connections.Count > 0)
            return (member, false, false);
        if (linger)
            return (member, false, true);
        _users.Remove(id);
        return (member, true, false);
    }

    /// <summary>The grace of a lost user is over. The user, where they did not come back.</summary>
    public User? EndLingering(UserId id)
    {
        if (!_users.TryGetValue(id.Value, out var presence) || presence.Connections.Count > 0)
            return null;
        _users.Remove(id.Value);
        return presence.User;
    }

    /// <summary>Whether the user may say again that they are typing: at most once a second.</summary>
    public bool MayType(UserId id, long now)
    {
        if (!_users.TryGetValue(id.Value, out var presence) || now - presence.LastTyping < 1000)
            return false;
        presence.LastTyping = now;
        return true;
    }

    /// <summary>A page of users in the order of their ids, after <paramref name="after"/>.</summary>
    public (IReadOnlyList<User> Users, bool More) Page(string? after, int limit)
    {
        var page = new List<User>(Math.Min(limit, _users.Count));
        foreach (var (id, presence) in _users)
        {
            if (after is not null && string.CompareOrdinal(id, after) <= 0)
                continue;
            if (page.Count == limit)
                return (page, true);
            page.Add(presence.User);
        }

        return (page, false);
    }

    /// <summary>Every connection in the room, as it stands now.</summary>
    public IReadOnlyList<Member> All() => [.. _connections.Values];

    private sealed class Presence
    {
        public User User { get; set; } = null!;

        public HashSet<ConnectionId> Connections { get; } = [];

        public long LastTyping { get; set; } = long.MinValue / 2;
    }
}

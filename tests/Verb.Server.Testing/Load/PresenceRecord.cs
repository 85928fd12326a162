using System.Text.Json;
using Verb.TestKit.Nodes;

namespace Verb.Server.Testing.Load;

/// <summary>What one member was told of the users in its room, over all its connections.</summary>
internal sealed class PresenceRecord
{
    private readonly Lock _gate = new();
    private readonly List<PresenceEvent> _events = [];
    private volatile int _count;

    /// <summary>How many users the room has, as it was told last.</summary>
    public int Count => _count;

    public IReadOnlyList<PresenceEvent> Events
    {
        get
        {
            lock (_gate)
                return [.. _events];
        }
    }

    /// <summary>A frame came, of whatever type.</summary>
    public void Received(JsonElement frame, long at)
    {
        var type = frame.Type();
        if (type is not ("joined_room" or PresenceEvent.Joined or PresenceEvent.Left or "room_presence"))
            return;
        _count = (int)frame.Number("userCount");
        lock (_gate)
            _events.Add(new PresenceEvent(at, type, frame.TryGetProperty("user", out var user) ? user.Text("id") : null, _count));
    }
}

using Verb.Actors.Connections;
using Verb.TestKit.Nodes;

namespace Verb.Actors.Tests.Nodes;

/// <summary>A user who joins, talks, stalls, is cut and comes back for what it missed, all by chance.</summary>
internal sealed class RandomUser(TestNode node, Random random, string name, IReadOnlyList<string> rooms, OverflowPolicy overflow)
{
    private readonly bool _echo = random.Next(4) == 0;
    private readonly Dictionary<string, RoomEar> _ears = [];
    private readonly List<string> _wanted = [];
    private readonly Dictionary<string, string> _chats = [];
    private readonly List<string> _asked = [];
    private TestClient? _client;
    private int _heard;

    public List<string> Wrong { get; } = [];

    public IReadOnlyDictionary<string, RoomEar> Ears => _ears;

    public void Step()
    {
        Listen();
        if (_client is null)
        {
            if (random.Next(2) == 0)
                Connect();
            return;
        }

        var room = rooms[random.Next(rooms.Count)];
        switch (random.Next(16))
        {
            case 0 when !_wanted.Contains(room):
            case 1 when !_wanted.Contains(room):
                _wanted.Add(room);
                Join(room);
                break;
            case 2 when _wanted.Remove(room):
                Ask("leave_room", new { roomId = room });
                break;
            case 3:
                _client.Stall();
                break;
            case 4:
            case 5:
                _client.Socket.Resume();
                break;
            case 6 when random.Next(3) == 0:
                End(() => _client.Cut());
                break;
            case 7 when random.Next(3) == 0:
                End(() => _client.Close());
                break;
            case 8:
                Ask("members", new { roomId = room });
                Ask("subscribe", new { topic = room });
                break;
            default:
                for (var i = random.Next(1, 6); i > 0 && _wanted.Count > 0; i--)
                    Chat(_wanted[random.Next(_wanted.Count)]);
                break;
        }
    }

    /// <summary>Comes back to its senses: connected, reading, in its rooms.</summary>
    public void Recover()
    {
        _client?.Socket.Resume();
        node.Settle();
        Listen();
        if (_client is null)
            Connect();
        node.Settle();
        Listen();
    }

    public void Listen()
    {
        if (_client is not { } client)
            return;
        node.Settle();
        for (; _heard < client.Frames.Count; _heard++)
            Hear(client.Frames[_heard]);
        if (client.Socket.IsEnded)
            End(() => { });
    }

    public void CheckReplies()
    {
        foreach (var id in _asked)
        {
            var count = _client!.Frames.Count(frame => frame.IsReplyTo(id));
            if (count != 1)
                Wrong.Add($"{name}: {count} replies to {id}");
        }
    }

    public void Leave() => _client?.Close();

    private void Connect()
    {
        _heard = 0;
        _asked.Clear();
        _chats.Clear();
        _client = node.Connect(new ClientOptions
        {
            User = name,
            Socket = new SocketOptions { SendBufferBytes = 4096, SendBufferMessages = 8, Overflow = overflow },
            Limits = new LimitOptions { CommandsPerSecond = 0, ConnectionsPerUser = 0, RefusedCommands = 0 },
        });
        foreach (var room in _wanted)
            Join(room);
    }

    private void Join(string room)
    {
        var ear = Ear(room);
        ear.Joins();
        if (ear.Epoch.Length == 0)
            Ask("join_room", new { roomId = room, echo = _echo });
        else
            Ask("join_room", new { roomId = room, echo = _echo, since = new { epoch = ear.Epoch, seq = ear.Cursor } });
    }

    private void Chat(string room) =>
        _chats[Ask("chat", new { roomId = room, message = new string('x', random.Next(random.Next(2) == 0 ? 20 : 3000)) })] = room;

    private string Ask(string type, object fields)
    {
        var id = _client!.Ask(type, fields);
        _asked.Add(id);
        return id;
    }

    private void End(Action end)
    {
        node.Settle();
        var client = _client!;
        if (random.Next(2) == 0 && !client.Socket.IsAborted)
            client.Socket.Resume(); // What was on the way arrives after all.
        end();
        for (; _heard < client.Frames.Count; _heard++)
            Hear(client.Frames[_heard]);
        if (client.Socket.WrittenTooLate > 0)
            Wrong.Add($"{name}: written after the end");
        foreach (var ear in _ears.Values)
            ear.Disconnected();
        _client = null;
    }

    private void Hear(System.Text.Json.JsonElement frame)
    {
        string? wrong = null;
        if (frame.Type() == "reply" && _chats.TryGetValue(frame.Text("id"), out var room))
        {
            if (frame.GetProperty("success").GetBoolean())
                wrong = Ear(room).HearReply(frame.GetProperty("data").Number("seq"));
        }
        else if (frame.Has("roomId"))
        {
            wrong = Ear(frame.Text("roomId")).Hear(frame);
        }

        if (wrong is not null)
            Wrong.Add($"{name} ({overflow}{(_echo ? ", echo" : "")}): {wrong} at {frame}");
    }

    private RoomEar Ear(string room)
    {
        if (!_ears.TryGetValue(room, out var ear))
            _ears[room] = ear = new RoomEar(_echo);
        return ear;
    }
}

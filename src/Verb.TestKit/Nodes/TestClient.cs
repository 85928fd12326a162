using System.Text;
using System.Text.Json;
using Akka.Actor;
using Verb.Actors.Connections;
using Verb.Actors.Delivery;
using Verb.Contracts;
using Verb.TestKit.Probes;
using Verb.TestKit.Sockets;

namespace Verb.TestKit.Nodes;

/// <summary>
/// A client of a <see cref="TestNode"/>: sends frames, and looks at what came. Every expectation first lets the node run until it is idle.
/// </summary>
public sealed class TestClient
{
    private readonly TestNode _node;
    private readonly TestReader _reader;
    private readonly List<JsonElement> _frames = [];
    private readonly List<byte[]> _binary = [];
    private int _taken;
    private int _seen;
    private int _lastId;

    internal TestClient(
        TestNode node, ConnectionSetup setup, FakeSocket socket, IActorRef connection, bool answersPings)
    {
        _node = node;
        Setup = setup;
        Socket = socket;
        Connection = connection;
        _reader = new TestReader(node.System, setup.Gate, connection);
        if (answersPings)
            socket.OnPing = () => Receive(new ConnectionMessage.Ponged());
    }

    /// <summary>What the handshake settled.</summary>
    internal ConnectionSetup Setup { get; }

    /// <summary>Its socket.</summary>
    public FakeSocket Socket { get; }

    /// <summary>Its connection actor.</summary>
    internal IActorRef Connection { get; }

    /// <summary>The close frame that reached it or is on the way, once there is one.</summary>
    public CloseReason? Closed
    {
        get
        {
            _node.Settle();
            return Socket.Closed;
        }
    }

    /// <summary>Whether the hub cut the connection without a close frame.</summary>
    public bool IsCut
    {
        get
        {
            _node.Settle();
            return Socket.IsAborted;
        }
    }

    /// <summary>How many of its frames the hub has not read, because its reader waits.</summary>
    public int Unread
    {
        get
        {
            _node.Settle();
            return _reader.Waiting;
        }
    }

    /// <summary>Every text frame that came, in order, expected or not.</summary>
    public IReadOnlyList<JsonElement> Frames
    {
        get
        {
            Take();
            return _frames;
        }
    }

    /// <summary>Every binary frame that came, in order.</summary>
    public IReadOnlyList<byte[]> Binary
    {
        get
        {
            Take();
            return _binary;
        }
    }

    /// <summary>Sends a text frame.</summary>
    public void Send(string json)
    {
        var parsed = CommandReader.Read(Encoding.UTF8.GetBytes(json));
        Receive(parsed.Command is { } command
            ? new ConnectionMessage.Received(command)
            : new ConnectionMessage.Malformed(parsed.Error!, parsed.Id, parsed.Type));
    }

    /// <summary>Sends an object as a text frame.</summary>
    public void Send(object command) => Send(JsonSerializer.Serialize(command));

    /// <summary>Sends a binary frame.</summary>
    public void Send(byte[] frame) => Receive(new ConnectionMessage.ReceivedBinary(frame));

    /// <summary>Sends a command with a fresh id, which it returns.</summary>
    /// <param name="type">The command.</param>
    /// <param name="fields">Its further fields.</param>
    public string Ask(string type, object? fields = null)
    {
        var id = $"#{++_lastId}";
        var command = new Dictionary<string, object?> { ["type"] = type, ["id"] = id };
        foreach (var field in JsonSerializer.SerializeToElement(fields ?? new { }).EnumerateObject())
            command[field.Name] = field.Value;
        Send((object)command);
        return id;
    }

    /// <summary>Sends a command and gives the data of its reply, which must have come and be a success.</summary>
    public JsonElement Do(string type, object? fields = null) => ReplyTo(Ask(type, fields)).Data(type);

    /// <summary>Sends a command and gives the code of its refusal, which must have come.</summary>
    public string Refusal(string type, object? fields = null) => ReplyTo(Ask(type, fields)).Code();

    /// <summary>The one reply to a command.</summary>
    public JsonElement ReplyTo(string id)
    {
        var replies = Frames.Where(frame => frame.IsReplyTo(id)).ToList();
        return replies.Count == 1
            ? replies[0]
            : throw new ExpectationException($"Expected one reply to {id}, but there are {replies.Count} (seed {_node.System.Seed}): {Describe(0)}");
    }

    /// <summary>The next text frame, which must be of this type.</summary>
    public JsonElement Expect(string type)
    {
        Take();
        if (_seen == _frames.Count)
            throw new ExpectationException($"Expected {type}, but nothing came (seed {_node.System.Seed}).");
        var frame = _frames[_seen];
        if (frame.Type() != type)
            throw new ExpectationException($"Expected {type} (seed {_node.System.Seed}), but got: {Describe(_seen)}");
        _seen++;
        return frame;
    }

    /// <summary>No further frame came.</summary>
    public void ExpectNothing()
    {
        Take();
        if (_seen < _frames.Count)
            throw new ExpectationException($"Expected nothing (seed {_node.System.Seed}), but got: {Describe(_seen)}");
    }

    /// <summary>Passes over what came so far.</summary>
    public void SkipAll()
    {
        Take();
        _seen = _frames.Count;
    }

    /// <summary>Every text frame of this type that came, expected or not.</summary>
    public IReadOnlyList<JsonElement> Of(string type) => [.. Frames.Where(frame => frame.Type() == type)];

    /// <summary>Joins a room and passes over everything that comes with it.</summary>
    public void Join(string room)
    {
        Do("join_room", new { roomId = room });
        SkipAll();
    }

    /// <summary>From here on it reads nothing.</summary>
    public void Stall() => Socket.Stall();

    /// <summary>It reads again, and answers what waited.</summary>
    public void Resume()
    {
        Socket.Resume();
        _node.Settle();
    }

    /// <summary>Its network is gone, without a close frame.</summary>
    public void Cut()
    {
        _reader.Cut();
        Socket.Reset();
        Connection.Tell(new ConnectionMessage.Lost());
        _node.Settle();
    }

    /// <summary>It closes in order.</summary>
    public void Close()
    {
        Receive(new ConnectionMessage.PeerClosed(CloseReason.Normal));
        _node.Settle();
    }

    /// <summary>Its socket's reader gives this to the connection.</summary>
    internal void Receive(ConnectionMessage frame)
    {
        Socket.LastReceived = _node.System.Clock.GetTimestamp();
        _reader.Read(frame);
    }

    private void Take()
    {
        _node.Settle();
        for (; _taken < Socket.Arrived.Count; _taken++)
        {
            var message = Socket.Arrived[_taken];
            if (message.Kind == FrameKind.Binary)
                _binary.Add(message.Payload.ToArray());
            else
                _frames.Add(JsonDocument.Parse(message.Payload).RootElement);
        }
    }

    private string Describe(int from)
    {
        var frames = string.Join("\n  ", _frames.Skip(from).Take(20));
        return $"{frames} closed: {Socket.Closed} aborted: {Socket.IsAborted}";
    }
}

using System.Text.Json;
using Verb.TestKit.Nodes;

namespace Verb.TestKit.Checking;

/// <summary>
/// What one client sent and saw, over all its connections: tell it every command before it goes out and every text frame as it comes in.
/// Told by one thread at a time.
/// </summary>
internal sealed class ClientRecord(RunRecord run, string user)
{
    private readonly Dictionary<string, Asked> _asked = [];
    private readonly HashSet<string> _answered = [];
    private readonly Dictionary<string, RoomStream> _rooms = [];
    private readonly Dictionary<string, long> _topics = [];
    private readonly HashSet<(string Sender, string MessageId)> _inbox = [];

    /// <summary>Whose client it is.</summary>
    public string User => user;

    /// <summary>Whether it has a connection.</summary>
    public bool IsConnected { get; private set; }

    /// <summary>The ids of the commands of this connection that have no reply yet.</summary>
    public IEnumerable<string> Unanswered => _asked.Where(asked => asked.Value.IsOpen).Select(asked => asked.Key);

    /// <summary>The rooms it is in.</summary>
    public IEnumerable<string> Rooms => _rooms.Where(room => room.Value.IsIn).Select(room => room.Key);

    /// <summary>What came to its inbox.</summary>
    public IReadOnlyCollection<(string Sender, string MessageId)> Inbox => _inbox;

    /// <summary>The highest number of its inbox that it saw: what <c>inbox_ack</c> names.</summary>
    public long InboxSeq { get; private set; }

    /// <summary>The room as it sees it.</summary>
    public RoomStream Room(string room) => _rooms.TryGetValue(room, out var stream) ? stream : _rooms[room] = new RoomStream(run, user, room);

    /// <summary>What it should name as <c>since</c>; null where it never saw the room.</summary>
    public (string Epoch, long Seq)? Position(string room) =>
        _rooms.TryGetValue(room, out var stream) && stream.Epoch.Length > 0 ? (stream.Epoch, stream.Seq) : null;

    /// <summary>The last number of a topic that it saw on this connection; 0 for none.</summary>
    public long TopicSeq(string topic) => _topics.GetValueOrDefault(topic);

    /// <summary>It has a connection; what it had asked on the last one will not be answered.</summary>
    public void Connected()
    {
        Disconnected();
        IsConnected = true;
    }

    /// <summary>It has none any more.</summary>
    public void Disconnected()
    {
        IsConnected = false;
        _asked.Clear();
        _answered.Clear();
        _topics.Clear();
        foreach (var room in _rooms.Values)
            room.Disconnected();
    }

    /// <summary>It sends a command of no further interest than that it is answered.</summary>
    public void Sends(string id) => _asked[id] = new Asked();

    /// <summary>It sends <c>chat</c>, for the first time or again.</summary>
    public void Publishes(string id, string room, string messageId, long at)
    {
        Room(room).Sends(messageId);
        _asked[id] = new Asked { Published = run.Publishing(room, user, messageId, at) };
    }

    /// <summary>It sends <c>private_message</c>, for the first time or again.</summary>
    public void Whispers(string id, string to, string messageId, long at) =>
        _asked[id] = new Asked { Whispered = run.Whispering(to, user, messageId, at) };

    /// <summary>It sends <c>join_room</c>.</summary>
    public void Joins(string id, string room, (string Epoch, long Seq)? since, bool echo = true)
    {
        Room(room).Joining(since, echo);
        _asked[id] = new Asked { Joining = room };
    }

    /// <summary>A text frame came.</summary>
    public void Received(JsonElement frame, long at)
    {
        switch (frame.Type())
        {
            case "reply":
                OnReply(frame, at);
                break;
            case "joined_room":
                Room(frame.Text("roomId")).Joined(frame);
                break;
            case "message_history":
                Room(frame.Text("roomId")).History(frame);
                break;
            case "chat":
                Room(frame.Text("roomId")).Chat(frame);
                break;
            case "left_room":
                Room(frame.Text("roomId")).Left();
                break;
            case "private_message":
                OnPrivateMessage(frame);
                break;
            case "data":
                OnTopicUpdate(frame.Text("topic"), frame.Number("seq"));
                break;
        }
    }

    private void OnReply(JsonElement frame, long at)
    {
        var id = frame.Text("id");
        if (!_answered.Add(id) || !_asked.TryGetValue(id, out var asked))
        {
            run.Report(ViolationKind.Stuck, $"{user} has a second answer, or one to nothing: {frame}");
            return;
        }

        asked.IsOpen = false;
        var data = frame.GetProperty("success").GetBoolean() ? frame.GetProperty("data") : (JsonElement?)null;
        if (data is null && asked.Joining is { } room)
            Room(room).Refused();
        if (data is { } published && asked.Published is { } message)
        {
            run.Acknowledged(message, published.Text("epoch"), published.Number("seq"), at);
            Room(message.Place).Own(published.Text("epoch"), published.Number("seq"));
        }

        if (data is not null && asked.Whispered is { } whispered)
            run.Acknowledged(whispered, "", 0, at);
    }

    private void OnPrivateMessage(JsonElement frame)
    {
        var (sender, messageId, seq) = (frame.GetProperty("from").Text("id"), frame.Text("messageId"), frame.Number("seq"));
        run.InboxNumber(user, seq, sender, messageId);
        _inbox.Add((sender, messageId));
        InboxSeq = Math.Max(InboxSeq, seq);
    }

    private void OnTopicUpdate(string topic, long seq)
    {
        if (seq < TopicSeq(topic))
            run.Report(ViolationKind.Reorder, $"{user} hears {seq} of topic '{topic}' behind {TopicSeq(topic)}");
        _topics[topic] = seq;
    }

    private sealed class Asked
    {
        public bool IsOpen { get; set; } = true;

        public SentMessage? Published { get; init; }

        public SentMessage? Whispered { get; init; }

        public string? Joining { get; init; }
    }
}

using System.Text;
using System.Text.Json;
using Verb.Actors.Connections;
using Verb.Contracts;
using Verb.TestKit.Checking;
using Verb.TestKit.Nodes;

namespace Verb.TestKit.Simulation;

/// <summary>
/// A client that behaves as the protocol says: comes back when its connection is gone, to whichever node takes it, joins again from where it
/// left off, and sends again, with the same message id, what it has no good answer to.
/// </summary>
internal sealed class SimClient : ISimSocketOwner
{
    private static readonly TimeSpan TickTime = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan PingAfter = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan GiveUpAfter = TimeSpan.FromSeconds(5);

    private readonly SimCluster _cluster;
    private readonly RunRecord _run;
    private readonly string _name;
    private readonly bool _echo;
    private readonly List<SimErrand> _errands = [];
    private readonly SortedSet<string> _rooms = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _topics = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _subscribed = new(StringComparer.Ordinal);
    private SimSocket? _socket;
    private SimNode? _node;
    private long _heard;
    private long _comesAt;
    private int _lastId;
    private int _lastMessage;
    private bool _welcome;

    public SimClient(SimCluster cluster, RunRecord run, int number, string user)
    {
        (_cluster, _run, _name, _echo) = (cluster, run, $"client-{number}", number % 3 < 2);
        Record = run.Client(user);
        _comesAt = cluster.World.Random.NextInt64(TimeSpan.TicksPerSecond / 5);
        cluster.World.After(TimeSpan.Zero, Tick);
    }

    /// <summary>What it sent and saw.</summary>
    public ClientRecord Record { get; }

    /// <summary>The topics it is subscribed to.</summary>
    public IReadOnlyCollection<string> Subscribed => _subscribed;

    /// <summary>Whether it stays away from now on.</summary>
    public bool IsDone { get; private set; }

    /// <summary>Whether it sends no more pings, so that nothing is under way any more.</summary>
    public bool Rests { get; set; }

    /// <summary>Whether it has all it wants and waits for nothing.</summary>
    public bool IsContent => _welcome && _socket is { IsSilent: false } && _errands.Count == 0 && !Record.Unanswered.Any() && _rooms.SetEquals(Record.Rooms) && _topics.SetEquals(_subscribed);

    /// <summary>What it still waits for, for people.</summary>
    public string Wants => $"{_name} ({Record.User}) on {_node?.Name ?? "no node"}: {(_welcome ? "welcome" : "not welcome")}, wants rooms [{string.Join(' ', _rooms)}], "
        + $"is in [{string.Join(' ', Record.Rooms)}], errands [{string.Join(", ", _errands)}], unanswered [{string.Join(' ', Record.Unanswered)}]";

    private long Now => _cluster.World.Now;

    /// <summary>Takes a step of the plan.</summary>
    public void Take(SimStep step)
    {
        var room = $"room-{step.Which % SimPlan.Rooms}";
        var topic = $"topic-{step.Which % SimPlan.Topics}";
        switch (step.Kind)
        {
            case SimStepKind.Join:
                _rooms.Add(room);
                break;
            case SimStepKind.Leave:
                if (_rooms.Count > 0)
                    Leave(_rooms.ElementAt(step.Which % _rooms.Count));
                break;
            case SimStepKind.Publish:
                if (_rooms.Count > 0)
                    _errands.Add(new SimErrand(SimErrandKind.Publish, _rooms.ElementAt(step.Which % _rooms.Count), NextMessage()));
                break;
            case SimStepKind.Whisper:
                _errands.Add(new SimErrand(SimErrandKind.Whisper, _cluster.UserOf(step.Which), NextMessage()));
                break;
            case SimStepKind.Subscribe:
                _topics.Add(topic);
                break;
            case SimStepKind.Unsubscribe:
                _topics.Remove(topic);
                break;
            case SimStepKind.PublishTopic:
                _errands.Add(new SimErrand(SimErrandKind.PublishTopic, topic, NextMessage()));
                break;
            case SimStepKind.Reconnect:
                _socket?.CloseByClient();
                Gone(TimeSpan.Zero);
                break;
            case SimStepKind.Lose:
                _socket?.Lose();
                break;
            case SimStepKind.GoSilent when _socket is not null:
                _socket.IsSilent = true;
                break;
            case SimStepKind.Stall when _socket is { } socket:
                socket.Stall(true);
                _cluster.World.After(TimeSpan.FromMilliseconds(100 + step.Which), () => socket.Stall(false));
                break;
            case SimStepKind.Ask:
                _errands.Add(new SimErrand(step.Which % 2 == 0 ? SimErrandKind.History : SimErrandKind.Members, room, ""));
                break;
        }

        Work();
    }

    /// <summary>Publishes to a topic once more.</summary>
    public void PublishTopic(string topic) => _errands.Add(new SimErrand(SimErrandKind.PublishTopic, topic, NextMessage()));

    /// <summary>Closes and stays away.</summary>
    public void Finish()
    {
        IsDone = true;
        _socket?.CloseByClient();
        Gone(TimeSpan.Zero);
    }

    void ISimSocketOwner.Ended(SimSocket socket, CloseReason? reason)
    {
        if (socket != _socket)
            return;
        _cluster.World.Trace.Add(Now, _name, reason is null ? "lost" : reason.ToString()!);
        if (reason is { } given && given == CloseReason.TooManyConnections)
            _run.Report(ViolationKind.Ghost, $"{_name} of {Record.User} is one connection too many");
        Gone(_cluster.World.Draw(TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(500)));
    }

    void ISimSocketOwner.Received(SimSocket socket, ReadOnlyMemory<byte> bytes)
    {
        if (socket != _socket)
            return;
        _heard = Now;
        _cluster.World.Trace.Add(Now, _name, "hears", bytes.Span);
        using var document = JsonDocument.Parse(bytes);
        var frame = document.RootElement;
        var wasIn = frame.Type() == "left_room" && Record.Room(frame.Text("roomId")).IsIn;
        Record.Received(frame, Now);
        switch (frame.Type())
        {
            case "joined_room":
                _errands.RemoveAll(errand => errand.Kind == SimErrandKind.Join && errand.Place == frame.Text("roomId"));
                break;
            case "connected":
                _welcome = true;
                break;
            case "reply":
                OnReply(frame);
                break;
            case "left_room" when wasIn && !_errands.Exists(errand => errand.Kind == SimErrandKind.Leave && errand.Place == frame.Text("roomId")):
                _run.Report(ViolationKind.Missing, $"{_name} is put out of {frame.Text("roomId")}");
                break;
            case "left_room":
                _errands.RemoveAll(errand => errand.Kind == SimErrandKind.Leave && errand.Place == frame.Text("roomId"));
                break;
            case "error":
                _run.Report(ViolationKind.Stuck, $"{_name} hears {frame}");
                break;
            case "private_message":
                _errands.Add(new SimErrand(SimErrandKind.Acknowledge, "", ""));
                break;
        }

        Work();
    }

    private void OnReply(JsonElement frame)
    {
        var id = frame.Text("id");
        if (_errands.Find(errand => errand.Id == id) is not { } errand)
            return;
        errand.Id = null;
        if (frame.GetProperty("success").GetBoolean())
        {
            if (errand.Kind == SimErrandKind.Subscribe)
                _subscribed.Add(errand.Place);
            else if (errand.Kind == SimErrandKind.Unsubscribe)
                _subscribed.Remove(errand.Place);
            if (errand.Kind is SimErrandKind.Join or SimErrandKind.Leave)
                errand.IsAnswered = true; // It is in or out when it is told so.
            else
                _errands.Remove(errand);
            return;
        }

        var code = frame.Code();
        switch (code)
        {
            case "TIMEOUT" or "INTERNAL" or "OVERLOADED":
                errand.Next = Now + _cluster.World.Draw(TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(700)).Ticks;
                break;
            case "NOT_IN_ROOM" when errand.Kind == SimErrandKind.Leave:
                Record.Room(errand.Place).Left();
                _errands.Remove(errand);
                break;
            case "NOT_IN_ROOM" when errand.Kind == SimErrandKind.Publish && !(errand.WasIn && Record.Room(errand.Place).IsIn && !IsLeaving(errand.Place)):
                errand.Next = Now + TimeSpan.TicksPerSecond / 10;
                break;
            case "NOT_FOUND" when errand.Kind == SimErrandKind.Whisper:
                _errands.Remove(errand); // The user has never been here.
                break;
            case "NOT_SUBSCRIBED" when errand.Kind == SimErrandKind.Unsubscribe:
                _errands.Remove(errand);
                _subscribed.Remove(errand.Place);
                break;
            case "NOT_IN_ROOM" when errand.Kind is SimErrandKind.Members or SimErrandKind.History && !Record.Room(errand.Place).IsIn:
                _errands.Remove(errand);
                break;
            default:
                _run.Report(ViolationKind.Missing, $"{_name} ({Record.User}) is answered {code} to {errand}: {frame}");
                _errands.Remove(errand);
                break;
        }
    }

    private bool IsLeaving(string room) => _errands.Exists(errand => errand.Kind == SimErrandKind.Leave && errand.Place == room);

    private void Leave(string room)
    {
        _rooms.Remove(room);
        _errands.RemoveAll(errand => errand.Kind == SimErrandKind.Publish && errand.Place == room && errand.Id is null);
    }

    private void Tick()
    {
        if (IsDone)
            return;
        if (_socket is not { } socket)
        {
            if (Now >= _comesAt)
                Come();
        }
        else if (Now - _heard > GiveUpAfter.Ticks && !Rests)
        {
            _cluster.World.Trace.Add(Now, _name, "gives up");
            socket.GiveUp();
            Gone(TimeSpan.Zero);
        }
        else if (Now - _heard > PingAfter.Ticks && _welcome && !Rests)
        {
            var id = NextId();
            Record.Sends(id);
            Send($$"""{"type":"ping","id":"{{id}}"}""");
        }

        Work();
        _cluster.World.After(TickTime, Tick);
    }

    private void Come()
    {
        if (_cluster.Choose() is not { } node)
            return;
        _node = node;
        _heard = Now;
        var socket = node.Connect(this, Record.User, _name);
        _socket = socket;
        Record.Connected();
        _cluster.World.Trace.Add(Now, _name, node.Name);
    }

    /// <summary>The connection is gone: what it had asked is asked again on the next one.</summary>
    private void Gone(TimeSpan wait)
    {
        (_socket, _node, _welcome) = (null, null, false);
        _comesAt = Now + wait.Ticks;
        _subscribed.Clear();
        Record.Disconnected();
        _errands.RemoveAll(errand => errand.Kind is SimErrandKind.Join or SimErrandKind.Leave or SimErrandKind.Subscribe or SimErrandKind.Unsubscribe
            or SimErrandKind.Acknowledge or SimErrandKind.History or SimErrandKind.Members or SimErrandKind.PublishTopic);
        foreach (var errand in _errands)
            (errand.Id, errand.Next) = (null, 0);
    }

    /// <summary>Asks for all it wants and has not asked for.</summary>
    private void Work()
    {
        if (!_welcome || IsDone)
            return;
        foreach (var room in _rooms.Where(room => !Record.Room(room).IsIn))
            Ensure(SimErrandKind.Join, room);
        foreach (var room in Record.Rooms.Where(room => !_rooms.Contains(room)).ToArray())
            Ensure(SimErrandKind.Leave, room);
        foreach (var topic in _topics.Where(topic => !_subscribed.Contains(topic)))
            Ensure(SimErrandKind.Subscribe, topic);
        foreach (var topic in _subscribed.Where(topic => !_topics.Contains(topic)))
            Ensure(SimErrandKind.Unsubscribe, topic);
        _errands.RemoveAll(errand => errand.Id is null && !HasSense(errand));
        foreach (var errand in _errands.Where(errand => errand.Id is null && !errand.IsAnswered && errand.Next <= Now).ToArray())
            Do(errand);
    }

    private void Ensure(SimErrandKind kind, string place)
    {
        if (!_errands.Exists(errand => errand.Place == place && errand.Kind is SimErrandKind.Join or SimErrandKind.Leave && IsRoom(kind))
            && !_errands.Exists(errand => errand.Place == place && errand.Kind is SimErrandKind.Subscribe or SimErrandKind.Unsubscribe && !IsRoom(kind)))
            _errands.Insert(0, new SimErrand(kind, place, ""));
    }

    private static bool IsRoom(SimErrandKind kind) => kind is SimErrandKind.Join or SimErrandKind.Leave;

    /// <summary>A message to a room may follow its join at once; one to a room that it leaves may not.</summary>
    private bool HasSense(SimErrand errand) => errand.Kind switch
    {
        SimErrandKind.Publish => _rooms.Contains(errand.Place) && !IsLeaving(errand.Place),
        SimErrandKind.Members or SimErrandKind.History => Record.Room(errand.Place).IsIn,
        _ => true,
    };

    private void Do(SimErrand errand)
    {
        var id = errand.Id = NextId();
        switch (errand.Kind)
        {
            case SimErrandKind.Join:
                var since = Record.Position(errand.Place);
                Record.Joins(id, errand.Place, since, _echo);
                var named = since is { } seen ? $$""","since":{"epoch":"{{seen.Epoch}}","seq":{{seen.Seq}}}""" : "";
                Send($$"""{"type":"join_room","id":"{{id}}","roomId":"{{errand.Place}}","echo":{{(_echo ? "true" : "false")}}{{named}}}""");
                break;
            case SimErrandKind.Leave:
                Record.Sends(id);
                Send($$"""{"type":"leave_room","id":"{{id}}","roomId":"{{errand.Place}}"}""");
                break;
            case SimErrandKind.Publish:
                errand.WasIn = Record.Room(errand.Place).IsIn;
                Record.Publishes(id, errand.Place, errand.MessageId, Now);
                Send($$"""{"type":"chat","id":"{{id}}","roomId":"{{errand.Place}}","messageId":"{{errand.MessageId}}","message":"{{errand.MessageId}}"}""");
                break;
            case SimErrandKind.Whisper:
                Record.Whispers(id, errand.Place, errand.MessageId, Now);
                Send($$"""{"type":"private_message","id":"{{id}}","targetUserId":"{{errand.Place}}","messageId":"{{errand.MessageId}}","message":1}""");
                break;
            case SimErrandKind.Acknowledge:
                Record.Sends(id);
                Send($$"""{"type":"inbox_ack","id":"{{id}}","seq":{{Record.InboxSeq}}}""");
                break;
            case SimErrandKind.Subscribe or SimErrandKind.Unsubscribe:
                Record.Sends(id);
                Send($$"""{"type":"{{(errand.Kind == SimErrandKind.Subscribe ? "subscribe" : "unsubscribe")}}","id":"{{id}}","topic":"{{errand.Place}}"}""");
                break;
            case SimErrandKind.PublishTopic:
                Record.Sends(id);
                Send($$"""{"type":"publish","id":"{{id}}","topic":"{{errand.Place}}","data":"{{errand.MessageId}}"}""");
                break;
            default:
                Record.Sends(id);
                Send($$"""{"type":"{{(errand.Kind == SimErrandKind.History ? "history" : "members")}}","id":"{{id}}","roomId":"{{errand.Place}}"}""");
                break;
        }
    }

    private void Send(string json)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        _cluster.World.Trace.Add(Now, _name, "sends", bytes);
        _socket!.Send(new ConnectionMessage.Received(CommandReader.Read(bytes).Command!));
    }

    private string NextId() => $"{++_lastId}";

    private string NextMessage() => $"{_name}/{++_lastMessage}";
}

/// <summary>Something a client wants done, and keeps asking for.</summary>
internal sealed class SimErrand(SimErrandKind kind, string place, string messageId)
{
    public SimErrandKind Kind => kind;

    public string Place => place;

    public string MessageId => messageId;

    /// <summary>The command under way; null where none is.</summary>
    public string? Id { get; set; }

    /// <summary>Whether it was answered well, and the event that goes with that has not come yet.</summary>
    public bool IsAnswered { get; set; }

    /// <summary>Not to be asked for before this time.</summary>
    public long Next { get; set; }

    /// <summary>Whether the client was in the room when it sent it.</summary>
    public bool WasIn { get; set; }

    /// <inheritdoc/>
    public override string ToString() => $"{kind} {place} {messageId} {Id}".TrimEnd();
}

/// <summary>What there is to be done.</summary>
internal enum SimErrandKind
{
    Join,
    Leave,
    Publish,
    Whisper,
    Acknowledge,
    Subscribe,
    Unsubscribe,
    PublishTopic,
    History,
    Members,
}

using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text.Json;
using Verb.TestKit.Checking;
using Verb.TestKit.Hosting;
using Verb.TestKit.Nodes;
using Verb.TestKit.Probes;

namespace Verb.Server.Testing.Load;

/// <summary>
/// A member of one room over all its connections: it comes back to whatever node takes it, with what it saw last. Where it publishes, every
/// message is sent again with the same id until it is acknowledged. What it sends and sees goes into the record.
/// </summary>
/// <param name="name">What its message ids begin with.</param>
/// <param name="room">Its room.</param>
/// <param name="choose">The node for the next connection, given the one before.</param>
/// <param name="run">Where everything is recorded.</param>
/// <param name="tally">What is counted of all clients.</param>
/// <param name="options">How it goes about it.</param>
internal sealed class LoadClient(string name, string room, Func<ILoadNode?, ILoadNode> choose, RunRecord run, LoadTally tally, LoadOptions options)
    : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private const double Spread = 0.2;

    private static readonly string[] Retryable = ["TIMEOUT", "INTERNAL", "OVERLOADED"];

    private readonly CancellationTokenSource _ended = new();
    private readonly List<string> _unacknowledged = [];
    private readonly Dictionary<string, string> _asked = []; // Command id to message id; an empty one is the join.
    private ILoadNode? _node;
    private SocketClient? _socket;
    private string? _session;
    private ClientRecord? _record;
    private long _lastCommand;
    private long _lostAt;
    private long _admittedAt;
    private bool? _recovered;
    private int _tries;
    private int _next;
    private volatile int _limit;

    /// <summary>What became of it: completes when it was ended, and fails where the hub said what it must not.</summary>
    public Task Running { get; private set; } = Task.CompletedTask;

    public string Room => room;

    /// <summary>Whether it has nothing left that is not acknowledged, and sends nothing more.</summary>
    public bool IsDone => _unacknowledged.Count == 0 && _next >= _limit;

    /// <summary>Whether it is in the room; its record then says how far it has read.</summary>
    public bool IsIn => _record is { IsConnected: true } record && record.Rooms.Contains(room);

    public ClientRecord? Record => _record;

    /// <summary>What it was told of the others in its room.</summary>
    public PresenceRecord Presence { get; } = new();

    /// <summary>How often it had a connection.</summary>
    public int Connections { get; private set; }

    /// <summary>Begins, with so many messages to publish; 0: it listens.</summary>
    public void Start(int messages)
    {
        _limit = messages;
        Running = Task.Run(Run);
    }

    /// <summary>It sends no new message; those on their way are still sent until they are acknowledged.</summary>
    public void StopPublishing() => _limit = 0;

    /// <summary>It goes.</summary>
    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        if (_socket is { } socket)
            await socket.DisposeAsync();
        await Running;
        _ended.Dispose();
    }

    /// <inheritdoc/>
    public override string ToString() => $"{name} in '{room}' at {_node?.Name} ({(IsIn ? "in" : "out")}, {_unacknowledged.Count} without acknowledgement)";

    private async Task Run()
    {
        while (!_ended.IsCancellationRequested)
        {
            _node = choose(_node);
            try
            {
                await using var socket = await _node.ConnectAsync(_session, new SocketClientOptions { Deadline = options.Patience });
                _socket = socket;
                (_admittedAt, _tries) = (Stopwatch.GetTimestamp(), 0);
                Connections++;
                tally.Admit(_node);
                await Live(socket);
            }
            catch (HandshakeRefusedException e) when (e.Status == 503)
            {
                tally.TurnAway();
                var wait = int.Parse(e.Headers["Retry-After"], CultureInfo.InvariantCulture);
                if (options.WaitsWhenRefused)
                    await Rest(TimeSpan.FromSeconds(wait) * (1 + (Spread * Random.Shared.NextDouble())));
            }
            catch (Exception e) when (e is SocketException or IOException or ExpectationException or TimeoutException
                or ObjectDisposedException or OperationCanceledException)
            {
                // Lost: on to another node.
            }
            finally
            {
                if (IsIn)
                    _lostAt = Stopwatch.GetTimestamp();
                _record?.Disconnected();
            }

            await Rest(BackOff());
        }
    }

    /// <summary>One connection, to its end.</summary>
    private async Task Live(SocketClient socket)
    {
        var connected = await socket.ExpectAsync("connected");
        _session = connected.Text("session");
        _record ??= run.Client(connected.Text("clientId"));
        _record.Connected();
        _asked.Clear();
        tally.Connect(_unacknowledged.Count);
        await Join(socket);
        var silent = false;
        while (!_ended.IsCancellationRequested)
        {
            SocketMessage message;
            try
            {
                message = await socket.ReceiveAsync();
                silent = false;
            }
            catch (TimeoutException) when (!silent)
            {
                silent = true;
                await socket.SendAsync("""{"type":"ping"}""");
                continue;
            }

            switch (message.Kind)
            {
                case SocketMessageKind.Text:
                    await OnFrame(socket, message.Json);
                    break;
                case SocketMessageKind.Close:
                    tally.Close(message.CloseReason.Code);
                    return;
                case SocketMessageKind.End when !_ended.IsCancellationRequested:
                    tally.Close(1006);
                    return;
            }
        }
    }

    private async Task OnFrame(SocketClient socket, JsonElement frame)
    {
        var now = Stopwatch.GetTimestamp();
        _record!.Received(frame, now);
        Presence.Received(frame, now);
        if (_recovered is { } recovered && frame.Type() == "message_history" && !frame.Has("more"))
        {
            tally.ComeBack(new ComeBack(_record.User, room, _node!.Name, _lostAt, _admittedAt, now, recovered));
            _recovered = null;
        }

        if (frame.Type() == "reply" && _asked.Remove(frame.Text("id"), out var messageId))
            await OnReply(socket, frame, messageId);
        await PublishNew(socket);
    }

    private async Task OnReply(SocketClient socket, JsonElement frame, string messageId)
    {
        if (!frame.GetProperty("success").GetBoolean())
        {
            await OnRefusal(socket, frame, messageId);
        }
        else if (messageId.Length > 0)
        {
            _unacknowledged.Remove(messageId);
            tally.Acknowledge();
            await Rest(options.Rest);
        }
        else
        {
            var data = frame.GetProperty("data");
            _recovered = data.TryGetProperty("recovered", out var recovered) ? recovered.GetBoolean() : null;
            foreach (var unacknowledged in _unacknowledged.ToList())
                await Publish(socket, unacknowledged);
        }
    }

    private async Task OnRefusal(SocketClient socket, JsonElement frame, string messageId)
    {
        var code = frame.Code();
        tally.Refuse(code, $"{(messageId.Length == 0 ? "the join" : messageId)} of {this}");
        if (!Retryable.Contains(code))
            throw new InvalidOperationException($"{this} was refused: {frame}");
        await Rest(Pause);
        await (messageId.Length == 0 ? Join(socket) : Publish(socket, messageId));
    }

    private async Task Join(SocketClient socket)
    {
        var id = NextId("");
        var since = _record!.Position(room);
        _record.Joins(id, room, since);
        var position = since is { } seen
            ? string.Create(CultureInfo.InvariantCulture, $$$""","since":{"epoch":"{{{seen.Epoch}}}","seq":{{{seen.Seq}}}}""")
            : "";
        await socket.SendAsync($$"""{"type":"join_room","id":"{{id}}","roomId":"{{room}}","echo":true{{position}}}""");
    }

    private async Task PublishNew(SocketClient socket)
    {
        while (IsIn && _unacknowledged.Count < options.Window && _next < _limit)
        {
            var messageId = string.Create(CultureInfo.InvariantCulture, $"{name}-{_next++}");
            _unacknowledged.Add(messageId);
            await Publish(socket, messageId);
        }
    }

    private async Task Publish(SocketClient socket, string messageId)
    {
        var id = NextId(messageId);
        _record!.Publishes(id, room, messageId, Stopwatch.GetTimestamp());
        await socket.SendAsync($$$"""{"type":"chat","id":"{{{id}}}","roomId":"{{{room}}}","messageId":"{{{messageId}}}","message":{"id":"{{{messageId}}}"}}""");
    }

    /// <summary>Twice as long with each try in vain, so that many do not hammer at a closed door.</summary>
    private TimeSpan BackOff()
    {
        var pause = Pause * Math.Pow(2, Math.Min(_tries++, 16));
        return (pause < options.LongestPause ? pause : options.LongestPause) * (1 - Spread + (2 * Spread * Random.Shared.NextDouble()));
    }

    private async Task Rest(TimeSpan time)
    {
        try
        {
            await Task.Delay(time, _ended.Token);
        }
        catch (OperationCanceledException)
        {
            // It is to go.
        }
    }

    private string NextId(string messageId)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"{++_lastCommand}");
        _asked[id] = messageId;
        return id;
    }
}

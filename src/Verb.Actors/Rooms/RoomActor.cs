using Verb.Actors.Connections;
using Verb.Actors.Durability;
using Verb.Actors.Kernel;
using Verb.Actors.Sharding;
using Verb.Contracts;

namespace Verb.Actors.Rooms;

/// <summary>
/// A room: the one owner of its members, its order and its history. It never waits for a member, and never for the store within its
/// turn. Publishing, membership and reading are told in the files beside this one.
/// </summary>
internal sealed partial class RoomActor(RoomId room, RoomEnvironment environment) : Actor<RoomMessage>
{
    /// <summary>How many messages the owner of a durable room holds in memory beside those it replays to joiners.</summary>
    private const int TailInMemory = 64;

    /// <summary>How long a room without members stays in memory.</summary>
    private static readonly TimeSpan IdleTime = TimeSpan.FromMinutes(1);

    /// <summary>How long a room that could not be loaded waits before it tries again, where a connection waits for it.</summary>
    private static readonly TimeSpan RetryTime = TimeSpan.FromSeconds(1);

    private readonly RoomPolicy _policy = environment.Policies.For(room.Value);
    private readonly RoomMembers _members = new();
    private readonly DedupeWindow _dedupe = new();
    private readonly PublicationLine _line = new();
    private readonly PresencePace _pace = new();
    private readonly Dictionary<ConnectionId, RoomMessage.CatchUp> _behind = [];
    private RoomLog _log = null!;
    private bool _reopening;
    private bool _isUnavailable;
    private bool _isRestarted;

    /// <summary>The right to write as it was when the room was loaded: a room never writes with a later owner's.</summary>
    private Fence _fence;

    /// <summary>The room belongs to another node: whoever asks here is sent there, or asks again.</summary>
    private bool _isForeign;
    private bool _isRetiring;

    /// <summary>The wall time, for what is shown.</summary>
    private long Now => Context.Clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>The steady time, for what is judged.</summary>
    private long Steady => Context.System.Steady.Now;

    protected internal override async ValueTask OnStart()
    {
        await Load();
        if ((_isUnavailable || _isForeign) && _isRestarted)
            Context.TryPassivate(); // Where nobody waits, the next one who asks has it loaded anew.
    }

    protected internal override void OnRestart(Exception cause) => _isRestarted = true;

    private async ValueTask Load()
    {
        _isUnavailable = false;
        if (environment.FenceOf(room) is not { } fence)
        {
            _isForeign = true;
            return;
        }

        _fence = fence;
        if (!_policy.Durable)
            _log = new RoomLog(NewEpoch(), 0, 1, [], KeptInMemory);
        else if (!await LoadHistory())
            return;

        // Before anything is published: who was here hears what this room says from where it left off.
        _loadedAt = NextStamp();
        OnRegister(await environment.Relays.AskWhoIsHere(room, _loadedAt));
        Context.SetReceiveTimeout(IdleTime, new RoomMessage.Idle());
    }

    protected internal override ValueTask OnReceive(RoomMessage message)
    {
        if (_isForeign)
        {
            Context.TryPassivate();
            return ValueTask.CompletedTask;
        }

        if (_isUnavailable)
            return OnUnavailable(message);
        if (!_isRetiring && !IsHeld(message))
            OnLoaded(message);
        else if (_isRetiring && message is RoomMessage.Committed or RoomMessage.CommitFailed or RoomMessage.Reopened or RoomMessage.ReopenFailed)
            OnLoaded(message);
        return ValueTask.CompletedTask;
    }

    private void OnLoaded(RoomMessage message)
    {
        switch (message)
        {
            case RoomMessage.Publish publish:
                OnPublish(publish);
                break;
            case RoomMessage.Committed committed:
                OnCommitted(committed);
                break;
            case RoomMessage.CommitFailed failed:
                OnCommitFailed(failed);
                break;
            case RoomMessage.Reopened reopened:
                OnReopened(reopened);
                break;
            case RoomMessage.ReopenFailed failed:
                OnReopenFailed(failed);
                break;
            case RoomMessage.Join join:
                OnJoin(join);
                break;
            case RoomMessage.Leave leave:
                OnLeave(leave);
                break;
            case RoomMessage.Gone gone:
                OnGone(gone);
                break;
            case RoomMessage.GraceOver over:
                OnGraceOver(over.User);
                break;
            case RoomMessage.TellPresence:
                TellCount();
                break;
            case RoomMessage.Refresh refresh:
                OnRefresh(refresh);
                break;
            case RoomMessage.Register register:
                OnRegister(register);
                break;
            case RoomMessage.NodeGone gone:
                OnNodeGone(gone.Node);
                break;
            case RoomMessage.NodeBack back when _members.Nodes.Contains(back.Node) || _nodes.Holds(back.Node):
                if (back.Break)
                    _nodes.Drop(back.Node);
                AskWhoIsHere(back.Node);
                break;
            case RoomMessage.Retire:
                _isRetiring = true;
                EndRetired();
                break;
            case RoomMessage.Close close:
                OnClose(close);
                break;
            case RoomMessage.Typing typing:
                OnTyping(typing);
                break;
            case RoomMessage.SendEvent sent:
                OnEvent(sent);
                break;
            case RoomMessage.Media media:
                OnMedia(media);
                break;
            case RoomMessage.ShareFile shared:
                OnShareFile(shared);
                break;
            case RoomMessage.Idle:
                OnIdle();
                break;
            default:
                OnReading(message);
                break;
        }
    }

    protected internal override ValueTask OnBatchEnd()
    {
        if (!_isUnavailable && !_isForeign && !_isRetiring)
            WriteLine();
        return ValueTask.CompletedTask;
    }

    private int KeptInMemory => _policy.Durable ? Math.Min(_policy.History, Math.Max(_policy.Replay, TailInMemory)) : _policy.History;

    private async ValueTask<bool> LoadHistory()
    {
        RoomRecord? record;
        try
        {
            record = await Open(NewEpoch());
        }
        catch (StorageException)
        {
            _isUnavailable = true; // The store has told the operator; whoever asks meanwhile is told to come back.
            return false;
        }

        if (record is null)
        {
            _isForeign = environment.FenceLost is not null;
            _isUnavailable = !_isForeign;
            environment.FenceLost?.Invoke(_fence);
            return false;
        }

        _log = new RoomLog(record.Epoch, record.LastSeq, record.FirstSeq, record.Tail, KeptInMemory);
        var latest = Steady + (long)_policy.DedupeWindow.TotalMilliseconds; // Whoever wrote them may have had a clock that was ahead.
        foreach (var entry in record.Dedupe)
            _dedupe.Add(entry.Expires > latest ? entry with { Expires = latest } : entry);
        return true;
    }

    /// <summary>Null where the fence is lost.</summary>
    private async ValueTask<RoomRecord?> Open(string fresh) => await environment.Store.Open(room, _fence, fresh, KeptInMemory, Steady, CancellationToken.None);

    /// <summary>
    /// A room that could not be loaded refuses what waits, and ends: the next one who asks has it loaded anew. Only for connections that are
    /// behind it tries again by itself, because they do not ask twice.
    /// </summary>
    private async ValueTask OnUnavailable(RoomMessage message)
    {
        switch (message)
        {
            case RoomMessage.Asked asked:
                Answer(asked.Caller, Contracts.Answer.Refused(CommandError.Overloaded));
                break;
            case RoomMessage.Gone gone:
                _behind.Remove(gone.Connection);
                TellRelay(gone.Connection.Node, new RelayMessage.Removed(gone.Connection, null));
                break;
            case RoomMessage.CatchUp catchUp:
                _behind[catchUp.Connection] = catchUp;
                break;
            case RoomMessage.Retry:
                await Load();
                break;
            case RoomMessage.Retire:
                Context.Stop();
                return;
        }

        if (_isForeign)
            Context.TryPassivate();
        else if (!_isUnavailable)
            CatchUpAll();
        else if (_behind.Count == 0)
            Context.TryPassivate();
        else if (message is RoomMessage.CatchUp or RoomMessage.Retry)
            Context.StartTimer(nameof(RoomMessage.Retry), new RoomMessage.Retry(), RetryTime);
    }

    private void CatchUpAll()
    {
        foreach (var catchUp in _behind.Values)
            OnCatchUp(catchUp);
        _behind.Clear();
    }

    /// <summary>The room goes to sleep when nobody is in it, nothing is on its way and nothing only it knows could be missed.</summary>
    private void OnIdle()
    {
        _dedupe.Expire(Steady);
        var forgettable = _policy.Durable || (_dedupe.Count == 0 && _log.LastSeq == 0) || _lastTaken + (long)_policy.DedupeWindow.TotalMilliseconds < Steady;
        if (_members.UserCount == 0 && _line.IsEmpty && !_reopening && forgettable)
            Context.TryPassivate();
    }

    /// <summary>What is not written yet is not answered: it is sent again to the next owner.</summary>
    private void EndRetired()
    {
        if (_isRetiring && !_line.IsWriting && !_reopening)
            Context.Stop();
    }

    private string NewEpoch() => string.Create(12, Context.Random, static (span, random) =>
    {
        foreach (ref var c in span)
            c = "0123456789abcdefghijklmnopqrstuv"[random.Next(32)];
    });

    private void Answer(Caller caller, Answer answer)
    {
        switch (caller)
        {
            case Caller.Member { Command: 0 }:
                break; // Nobody waits: media, and what is told of a stored file.
            case Caller.Member member:
                TellRelay(member.Connection.Node, new RelayMessage.Answered(member, answer));
                break;
            case Caller.Application application:
                application.ReplyTo.Reply(answer);
                break;
        }
    }

    private void Refuse(Caller caller, ErrorCode code, string message) => Answer(caller, Contracts.Answer.Refused(code, message));

    private void TellMembers(RelayMessage message)
    {
        foreach (var node in _members.Nodes)
            TellRelay(node, message);
    }

    private void TellRelay(NodeId node, RelayMessage message)
    {
        message.Term = _fence.Term;
        environment.Relays.Tell(node, room, message);
    }
}

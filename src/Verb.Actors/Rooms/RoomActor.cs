using Akka.Actor;
using Verb.Actors.Connections;
using Verb.Actors.Mailboxes;
using Verb.Actors.Regions;
using Verb.Actors.Sharding;
using Verb.Actors.Timing;
using Verb.Contracts;

namespace Verb.Actors.Rooms;

/// <summary>
/// A room: the one owner of its members, its order and its history. It never waits for a member, and never for the store within its
/// turn. Loading, publishing, membership and reading are told in the files beside this one.
/// </summary>
internal sealed partial class RoomActor(RoomId room, EntitySlot slot, RoomEnvironment environment) : EntityActor(slot), IWithTimers
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
    private readonly IdleTimer _idle = new(environment.Hub.Timers);
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

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>The wall time, for what is shown.</summary>
    private long Now => environment.Hub.Clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>The steady time, for what is judged.</summary>
    private long Steady => environment.Hub.Steady.Now;

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case var _ when _isLoading:
                OnLoading(message);
                break;
            case RoomMessage told:
                _idle.Touch();
                OnTold(told);
                break;
            case BatchEnd when IsOpen:
                WriteLine();
                break;
            case SweptTimer timer when _idle.IsOver(timer) && IsOpen:
                OnIdle();
                break;
        }
    }

    /// <summary>Whether the room is loaded and here to stay.</summary>
    private bool IsOpen => !_isUnavailable && !_isForeign && !_isRetiring;

    private void OnTold(RoomMessage message)
    {
        if (_isForeign)
            TryPassivate();
        else if (_isUnavailable)
            OnUnavailable(message);
        else if (!_isRetiring && !IsHeld(message))
            OnLoaded(message);
        else if (_isRetiring && message is RoomMessage.Committed or RoomMessage.CommitFailed or RoomMessage.Reopened or RoomMessage.ReopenFailed)
            OnLoaded(message);
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
            default:
                OnReading(message);
                break;
        }
    }

    /// <summary>
    /// A room that could not be loaded refuses what waits, and ends: the next one who asks has it loaded anew. Only for connections that are
    /// behind it tries again by itself, because they do not ask twice.
    /// </summary>
    private void OnUnavailable(RoomMessage message)
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
                Load(() => AfterRefusing(mayRetry: true));
                return;
            case RoomMessage.Retire:
                Stop();
                return;
        }

        AfterRefusing(message is RoomMessage.CatchUp);
    }

    private void AfterRefusing(bool mayRetry)
    {
        if (_isForeign)
            TryPassivate();
        else if (!_isUnavailable)
            CatchUpAll();
        else if (_behind.Count == 0)
            TryPassivate();
        else if (mayRetry)
            Timers.StartSingleTimer(nameof(RoomMessage.Retry), new RoomMessage.Retry(), RetryTime);
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
            TryPassivate();
    }

    /// <summary>What is not written yet is not answered: it is sent again to the next owner.</summary>
    private void EndRetired()
    {
        if (_isRetiring && !_line.IsWriting && !_reopening)
            Stop();
    }

    private string NewEpoch() => string.Create(12, environment.Hub.Random, static (span, random) =>
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

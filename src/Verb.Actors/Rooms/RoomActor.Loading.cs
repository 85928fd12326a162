using System.Runtime.ExceptionServices;
using Akka.Actor;
using Verb.Actors.Durability;
using Verb.Actors.Mailboxes;

namespace Verb.Actors.Rooms;

/// <summary>
/// Loading: from the store, then from the relays, who say who is here. What the room is told meanwhile waits. A room that could not be loaded refuses
/// what waited, and ends.
/// </summary>
internal sealed partial class RoomActor
{
    private readonly HeldMessages _held = new(environment.Hub.MailboxCapacity("entity"));
    private bool _isLoading;

    /// <summary>What follows once it is known whether the room is loaded.</summary>
    private Action _loaded = static () => { };

    /// <inheritdoc/>
    protected override bool IsHolding => _held.Count > 0;

    private int KeptInMemory => _policy.Durable ? Math.Min(_policy.History, Math.Max(_policy.Replay, TailInMemory)) : _policy.History;

    protected override void PreStart() => Load(() =>
    {
        if (!IsOpen && _isRestarted)
            TryPassivate(); // Where nobody waits, the next one who asks has it loaded anew.
    });

    protected override void PostRestart(Exception reason)
    {
        _isRestarted = true;
        base.PostRestart(reason);
    }

    protected override void PreRestart(Exception reason, object message)
    {
        _held.Release(held => Self.Tell(held, ActorRefs.NoSender)); // It was the failure of one of them.
        base.PreRestart(reason, message);
    }

    protected override void PostStop()
    {
        _idle.Stop();
        _held.Refuse(Self);
        base.PostStop();
    }

    private void Load(Action loaded)
    {
        (_isLoading, _isUnavailable, _loaded) = (true, false, loaded);
        if (environment.FenceOf(room) is not { } fence)
        {
            _isForeign = true;
            EndLoading();
            return;
        }

        _fence = fence;
        if (_policy.Durable)
        {
            Context.PipeToSelf(Open(NewEpoch()), static record => new RoomMessage.Opened(record), static cause => new RoomMessage.OpenFailed(cause));
            return;
        }

        _log = new RoomLog(NewEpoch(), 0, 1, [], KeptInMemory);
        AskRelays();
    }

    private void OnLoading(object message)
    {
        switch (message)
        {
            case RoomMessage.Opened opened:
                OnOpened(opened.Record);
                break;
            case RoomMessage.OpenFailed { Cause: StorageException }:
                _isUnavailable = true; // The store has told the operator; whoever asks meanwhile is told to come back.
                EndLoading();
                break;
            case RoomMessage.OpenFailed failed:
                ExceptionDispatchInfo.Throw(failed.Cause);
                break;
            case RoomMessage.Here here:
                OnRegister(here.Members);
                _idle.Start(Self, IdleTime);
                EndLoading();
                break;
            case RoomMessage told:
                _held.Hold(told, Self, Sender);
                break;
        }
    }

    /// <summary>Null: the fence is lost.</summary>
    private void OnOpened(RoomRecord? record)
    {
        if (record is null)
        {
            _isForeign = environment.FenceLost is not null;
            _isUnavailable = !_isForeign;
            environment.FenceLost?.Invoke(_fence);
            EndLoading();
            return;
        }

        _log = new RoomLog(record.Epoch, record.LastSeq, record.FirstSeq, record.Tail, KeptInMemory);
        var latest = Steady + (long)_policy.DedupeWindow.TotalMilliseconds; // Whoever wrote them may have had a clock that was ahead.
        foreach (var entry in record.Dedupe)
            _dedupe.Add(entry.Expires > latest ? entry with { Expires = latest } : entry);
        AskRelays();
    }

    /// <summary>Before anything is published: who was here hears what this room says from where it left off.</summary>
    private void AskRelays()
    {
        _loadedAt = NextStamp();
        Context.PipeToSelf(
            environment.Relays.AskWhoIsHere(room, _loadedAt), static register => new RoomMessage.Here(register), static cause => new RoomMessage.OpenFailed(cause));
    }

    private void EndLoading()
    {
        _isLoading = false;
        _loaded();
        _held.Release(OnReceive);
    }

    /// <summary>Null where the fence is lost.</summary>
    private async ValueTask<RoomRecord?> Open(string fresh) => await environment.Store.Open(room, _fence, fresh, KeptInMemory, Steady, CancellationToken.None);
}

using System.Runtime.ExceptionServices;
using Akka.Actor;
using Verb.Actors.Durability;
using Verb.Actors.Mailboxes;

namespace Verb.Actors.Users;

/// <summary>Loading: what the user is told meanwhile waits. A user that could not be loaded refuses what waited, and ends.</summary>
internal sealed partial class UserActor
{
    private readonly HeldMessages _held = new(environment.Hub.MailboxCapacity("entity"));
    private bool _isLoading = true;

    /// <inheritdoc/>
    protected override bool IsHolding => _held.Count > 0;

    protected override void PreStart()
    {
        if (environment.FenceOf(id) is { } fence)
        {
            _fence = fence;
            Context.PipeToSelf(Open(), static record => new UserMessage.Opened(record), static cause => new UserMessage.OpenFailed(cause));
            return;
        }

        _isForeign = true;
        _isLoading = false;
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

    private void OnLoading(object message)
    {
        switch (message)
        {
            case UserMessage.Opened opened:
                OnOpened(opened.Record);
                break;
            case UserMessage.OpenFailed failed:
                ExceptionDispatchInfo.Throw(failed.Cause);
                break;
            case UserMessage told:
                _held.Hold(told, Self, Sender);
                break;
        }
    }

    /// <summary>Null: the store did not give it.</summary>
    private void OnOpened(InboxRecord? record)
    {
        _isLoading = false;
        _isUnavailable = record is null;
        if (record is not null)
        {
            _inbox = new Inbox(record, Steady);
            _seen = record.Seen;
            _idle.Start(Self, IdleTime);
        }

        _held.Release(OnReceive);
    }

    private async ValueTask<InboxRecord?> Open()
    {
        try
        {
            return await environment.Store.Open(id, _fence, Steady, CancellationToken.None);
        }
        catch (StorageException)
        {
            return null; // The store has told the operator; whoever asks meanwhile is told to come back.
        }
    }
}

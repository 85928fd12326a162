using Verb.Contracts;

namespace Verb.Actors.Users;

/// <summary>The way to the store: one write after the other, and after one whose outcome is unknown the store is asked what it holds.</summary>
internal sealed partial class UserActor
{
    private readonly Queue<Action> _writes = new();
    private bool _isWriting;

    /// <summary>Whether the store may hold something that this user does not know of.</summary>
    private bool _isUnsure;

    /// <summary>Begins a write when those before it are done; its message calls <see cref="WriteNext"/>.</summary>
    private void Write<T>(Func<ValueTask<T>> write, Func<T, UserMessage> done, Func<Exception, UserMessage> failed)
    {
        if (_isWriting)
            _writes.Enqueue(Begin);
        else
            Begin();

        void Begin()
        {
            _isWriting = true;
            Context.PipeToSelf(Start(), done, failed);
        }

        // A store may fail at once as well as later.
        async ValueTask<T> Start() => await write();
    }

    private void WriteNext()
    {
        _isWriting = false;
        if (_writes.TryDequeue(out var next))
            next();
    }

    private void Reopen()
    {
        _isUnsure = _isWriting = true;
        Context.PipeToSelf(Open(), static record => new UserMessage.Reopened(record), static _ => new UserMessage.Reopened(null));
    }

    private void OnReopened(InboxRecord? record, long failed)
    {
        if (record is not null)
        {
            _isUnsure = false;
            foreach (var entry in record.Dedupe)
                _inbox.RememberOnce(entry, Steady);
            foreach (var item in record.Items)
            {
                if (_storing.ContainsKey(item.Seq))
                    TakeStored(item);
                else if (!_inbox.Holds(item.Seq))
                    TakeUnasked(item);
            }
        }

        Abandon(failed, CommandError.Internal);
        WriteNext();
    }
}

using Verb.Actors.Rooms;
using Verb.Actors.Sharding;
using Verb.Actors.Users;
using Verb.Contracts;

namespace Verb.Actors.Connections;

/// <summary>
/// What others do for this connection, and who they are when shards move: what is unanswered is asked again, in its order, before anything else is
/// asked of the same owner.
/// </summary>
internal sealed partial class ConnectionActor
{
    /// <summary>When a user's owner that could not take this connection on is asked again.</summary>
    private static readonly TimeSpan RegisterAgainTime = TimeSpan.FromSeconds(1);

    private int _shardVersion = environment.ShardVersion();
    private long _lastInboxSeq;

    /// <summary>Whether rooms were told of a new name or new roles, and may not have heard it.</summary>
    private bool _isRefreshed;

    private void Run(long number, Errand errand)
    {
        ShardEntry at;
        while ((at = errand.Locate(environment)).Version > _shardVersion || environment.ShardVersion() != _shardVersion)
            RunAgain(); // What was asked before goes first, wherever it has to go now.
        if (_pending.Find(number) is { } pending)
            pending.Errand = errand;
        Ask(number, errand, at);
    }

    /// <summary>What cannot be reached now is asked when it can.</summary>
    private void Ask(long number, Errand errand, ShardEntry at)
    {
        var wasSent = errand.Tell(environment, at, Self);
        if (_pending.Find(number) is not { } pending)
            return;
        pending.Version = at.Version;
        pending.WasSent |= wasSent;
    }

    private void RunAgain()
    {
        foreach (var (number, pending, at) in Unanswered())
        {
            if (at.Version == pending.Version)
                continue;
            if ((pending.WasSent ? pending.Errand!.Again() : pending.Errand) is not { } errand)
            {
                OnAnswered(number, Answer.Refused(CommandError.Internal)); // Whether it was done is not known.
                continue;
            }

            pending.Errand = errand;
            pending.WasRepeated |= pending.WasSent;
            Ask(number, errand, at);
        }
    }

    /// <summary>All of one picture of the shards: none is asked by a newer one than those before it.</summary>
    private List<(long Number, PendingCommands.Pending Pending, ShardEntry At)> Unanswered()
    {
        List<(long Number, PendingCommands.Pending Pending, ShardEntry At)> unanswered;
        do
        {
            _shardVersion = environment.ShardVersion();
            unanswered = [.. _pending.Errands().Select(p => (p.Number, p.Command, p.Command.Errand!.Locate(environment)))];
        }
        while (environment.ShardVersion() != _shardVersion || unanswered.Any(u => u.At.Version > _shardVersion));
        return unanswered;
    }

    /// <summary>Whoever owned these shards has forgotten this connection, or may have.</summary>
    private void OnShardsMoved(IReadOnlySet<int> shards)
    {
        RunAgain();
        if (_registeredAs is { } user && shards.Contains(Shards.Of(user)))
            RegisterAgain();
        foreach (var (room, joined) in _rooms)
        {
            if (!joined.IsIn || !shards.Contains(Shards.Of(room)))
                continue;
            if (_isRefreshed && _identity is { } now)
                environment.Rooms.Tell(room, new RoomMessage.Refresh(setup.Id, now));
            joined.IsCatchingUp = false;
            if (_outbox.Behind.Contains(room))
                CatchUpIfDrained(room);
        }
    }

    private void RegisterAgain()
    {
        if (_registeredAs is not { } user || _identity is not { } identity)
            return;
        long? since = _registered ? _lastInboxSeq : null;
        environment.Users.Tell(user, new UserMessage.Register(setup.Id, identity.IsAnonymous, setup.Limits.ConnectionsPerUser, since));
    }

    /// <summary>Items come in order; one that an earlier owner told already is not told again.</summary>
    private void OnInboxDelivery(ConnectionMessage.InboxDelivery item)
    {
        if (item.To != _registeredAs || item.Seq <= _lastInboxSeq)
            return;
        _lastInboxSeq = item.Seq;
        Send(new OutboxEntry(item.Message, OutboxKind.Inbox, InboxSeq: item.Seq));
    }

    /// <summary>A room did not answer in time; where it answers later, nobody is there.</summary>
    private void GiveUpJoining(RoomId room)
    {
        EndJoining(room);
        if (!_rooms.ContainsKey(room))
            environment.RoomRelays.Tell(room, new RelayMessage.Gone(setup.Id, Lost: false));
    }
}

using Akka.Actor;
using Verb.Actors.Connections;
using Verb.Actors.Durability;
using Verb.Actors.Regions;
using Verb.Actors.Sharding;
using Verb.Actors.Timing;
using Verb.Contracts;

namespace Verb.Actors.Users;

/// <summary>A user: its connections on all nodes, how many there may be, and its inbox. Loading and the inbox are told in the files beside this one.</summary>
internal sealed partial class UserActor(UserId id, EntitySlot slot, UserEnvironment environment) : EntityActor(slot), IWithTimers
{
    /// <summary>How long a connection has to answer before a further one takes its place.</summary>
    private static readonly TimeSpan ProbeTime = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(30);

    /// <summary>How often the store is told that a user who stays is still here.</summary>
    private static readonly TimeSpan StillHereInterval = TimeSpan.FromHours(6);

    /// <summary>When the store is told again where it could not be told.</summary>
    private static readonly TimeSpan MarkAgainTime = TimeSpan.FromMinutes(1);

    private readonly HashSet<ConnectionId> _connections = [];
    private readonly HashSet<ConnectionId> _silent = [];
    private readonly List<UserMessage.Register> _applicants = [];
    private readonly HashSet<ConnectionId> _kicked = [];
    private readonly IdleTimer _idle = new(environment.Hub.Timers);
    private Inbox _inbox = null!;
    private bool _seen;
    private bool _anonymous;
    private bool _isUnavailable;

    /// <summary>The right to write as it was when the user was loaded.</summary>
    private Fence _fence;

    /// <summary>The user belongs to another node: whoever asks here is sent there, or asks again.</summary>
    private bool _isForeign;

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
            case UserMessage told:
                _idle.Touch();
                OnTold(told);
                break;
            case SweptTimer timer when _idle.IsOver(timer) && IsForgettable:
                TryPassivate();
                break;
        }
    }

    private bool IsForgettable => _connections.Count == 0 && _applicants.Count == 0 && _delivering.Count == 0 && !_isWriting;

    private void OnTold(UserMessage message)
    {
        if (_isForeign)
        {
            TryPassivate();
            return;
        }

        if (_isUnavailable)
        {
            RefuseUnavailable(message);
            return;
        }

        switch (message)
        {
            case UserMessage.Register register:
                OnRegister(register);
                break;
            case UserMessage.Unregister unregister:
                _kicked.Remove(unregister.Connection);
                OnUnregister(unregister.Connection);
                break;
            case UserMessage.NodeGone gone:
                foreach (var connection in _connections.Where(connection => connection.Node == gone.Node).ToArray())
                    OnUnregister(connection);
                break;
            case UserMessage.Alive alive:
                OnAlive(alive.Connection);
                break;
            case UserMessage.ProbeOver:
                OnProbeOver();
                break;
            case UserMessage.Marked marked:
                OnMarked(marked.Done);
                break;
            case UserMessage.StillHere:
                MarkSeen();
                break;
            case UserMessage.Kick kick:
                OnKick(kick);
                break;
            default:
                OnInbox(message);
                break;
        }
    }

    /// <summary>A user that could not be loaded refuses what waits, and ends: the next one who asks has it loaded anew.</summary>
    private void RefuseUnavailable(UserMessage message)
    {
        var refused = Contracts.Answer.Refused(CommandError.Overloaded);
        if (message is UserMessage.Register register)
            environment.Connections.Tell(register.Connection, new ConnectionMessage.RegistrationRefused(CloseReason.InternalError));
        else if (message is UserMessage.Send send)
            Answer(send.Caller, refused);
        else if (message is UserMessage.Acknowledge acknowledge)
            Answer(acknowledge.Caller, refused);
        else if (message is UserMessage.Kick kick)
            Answer(kick.Caller, refused);
        TryPassivate();
    }

    private void OnRegister(UserMessage.Register register)
    {
        if (_kicked.Contains(register.Connection))
        {
            Close(register.Connection); // It is here again because a link was lost, and with it what it was told.
            return;
        }

        _anonymous = register.Anonymous;
        if (register.Since is { } since)
        {
            Admit(register.Connection, since);
            return;
        }

        if (register.Limit == 0 || _connections.Count < register.Limit || _connections.Contains(register.Connection))
        {
            Admit(register.Connection);
            return;
        }

        _applicants.Add(register);
        if (_silent.Count > 0)
            return; // A probe is under way already.
        _silent.UnionWith(_connections);
        foreach (var connection in _silent)
            environment.Connections.Tell(connection, new ConnectionMessage.Probe(ProbeTime));
        Timers.StartSingleTimer(nameof(UserMessage.ProbeOver), new UserMessage.ProbeOver(), ProbeTime);
    }

    private void OnAlive(ConnectionId connection)
    {
        if (_silent.Remove(connection) && _silent.Count == 0)
            EndProbe();
    }

    private void OnProbeOver()
    {
        foreach (var connection in _silent)
        {
            environment.Connections.Tell(connection, new ConnectionMessage.Lost());
            _connections.Remove(connection);
        }

        _silent.Clear();
        EndProbe();
    }

    private void EndProbe()
    {
        Timers.Cancel(nameof(UserMessage.ProbeOver));
        UserMessage.Register[] applicants = [.. _applicants];
        _applicants.Clear();
        foreach (var applicant in applicants)
        {
            if (_connections.Count < applicant.Limit)
                Admit(applicant.Connection);
            else
                environment.Connections.Tell(applicant.Connection, new ConnectionMessage.RegistrationRefused(CloseReason.TooManyConnections));
        }
    }

    private void Admit(ConnectionId connection, long since = 0)
    {
        if (_connections.Count == 0)
        {
            MarkSeen();
            Timers.StartPeriodicTimer(nameof(UserMessage.StillHere), new UserMessage.StillHere(), StillHereInterval, StillHereInterval);
        }

        _connections.Add(connection);
        environment.Connections.Tell(connection, new ConnectionMessage.Registered());
        foreach (var item in _inbox.Items.Where(item => item.Seq > since))
            Deliver(connection, item);
    }

    private void OnUnregister(ConnectionId connection)
    {
        _silent.Remove(connection);
        _applicants.RemoveAll(applicant => applicant.Connection == connection);
        if (!_connections.Remove(connection))
            return;
        if (_applicants.Count > 0 && _silent.Count == 0)
            EndProbe();
        if (_connections.Count > 0)
            return;
        Timers.Cancel(nameof(UserMessage.StillHere));
        MarkSeen();
        foreach (var delivering in _delivering.Keys.ToArray())
            EndDelivery(delivering, written: false);
    }

    private void OnKick(UserMessage.Kick kick)
    {
        var isHere = _connections.Count + _applicants.Count > 0;
        _kicked.UnionWith(_connections.Concat(_applicants.Select(applicant => applicant.Connection)));
        foreach (var connection in _kicked)
            Close(connection);
        _applicants.Clear();
        Answer(kick.Caller, isHere ? Contracts.Answer.Done : NotConnected());
    }

    private void Close(ConnectionId connection) =>
        environment.Connections.Tell(connection, new ConnectionMessage.CloseWith(CloseReason.Kicked));

    /// <summary>Remembers that the user was here. Nobody waits for it; a failure is made good a little later while the user stays.</summary>
    private void MarkSeen()
    {
        _seen = true;
        Write(
            () => environment.Store.MarkSeen(id, _fence, Steady, _anonymous, CancellationToken.None),
            static result => new UserMessage.Marked(result == AppendResult.Committed),
            static _ => new UserMessage.Marked(false));
    }

    private void OnMarked(bool done)
    {
        WriteNext();
        if (!done && _connections.Count > 0)
            Timers.StartPeriodicTimer(nameof(UserMessage.StillHere), new UserMessage.StillHere(), MarkAgainTime, StillHereInterval);
    }

    private void Answer(Caller caller, Answer answer) => environment.Connections.Answer(caller, answer);

    private Answer NotConnected() => Contracts.Answer.Refused(ErrorCode.NotFound, $"User '{id}' has no connection.");
}

using Verb.Actors.Users;
using Verb.Contracts;

namespace Verb.Actors.Connections;

/// <summary>Identity and time: who the client is, whether it is still there, and how long it may stay.</summary>
internal sealed partial class ConnectionActor
{
    /// <summary>How far ahead of a token's expiry the client is told, at most.</summary>
    private static readonly TimeSpan ExpiryNotice = TimeSpan.FromMinutes(1);

    /// <summary>An expiry further away than this is looked at again then: timers do not reach to the end of time.</summary>
    private static readonly TimeSpan LongestWatch = TimeSpan.FromDays(1);

    private bool _authenticating;
    private bool _awaitingPong;
    private bool _pingDue;
    private ReadOnlyMemory<byte>? _owedPong;
    private bool _probed;

    private void StartLife()
    {
        var times = setup.Socket;
        if (times.PingInterval > TimeSpan.Zero)
            Context.StartTimer(ConnectionTimer.Ping, new ConnectionMessage.Tick(ConnectionTimer.Ping), times.PingInterval, times.PingInterval);
        if (times.IdleTimeout > TimeSpan.Zero)
            StartTimer(ConnectionTimer.Idle, times.IdleTimeout);
        if (times.MaxLifetime > TimeSpan.Zero)
            StartTimer(ConnectionTimer.Lifetime, times.MaxLifetime);
    }

    private void Register(Identity identity)
    {
        _identity = identity;
        _registered = false;
        _registeredAs = identity.User.Id;
        environment.Users.Tell(
            identity.User.Id, new UserMessage.Register(setup.Id, identity.IsAnonymous, setup.Limits.ConnectionsPerUser));
    }

    private void OnRegistered()
    {
        if (_registered || _identity is not { } identity)
            return;
        _registered = true;
        setup.Observer?.Identified(identity);
        if (!_welcomed)
            Welcome(identity.User);
        else
            TellAuthenticated(identity);
        WatchExpiry(identity);
        ReleaseHeld();
    }

    private bool _welcomed;

    private void Welcome(User? user)
    {
        _welcomed = true;
        Emit(new ServerEvent.Connected(
            setup.ClientId.Value,
            setup.Session,
            setup.Id.Node.Value,
            Now,
            user,
            (long)setup.Socket.PingInterval.TotalMilliseconds,
            (long)setup.Socket.PingTimeout.TotalMilliseconds));
    }

    private void AwaitToken()
    {
        Emit(new ServerEvent.AuthRequired((long)setup.AuthTimeout.TotalMilliseconds));
        StartTimer(ConnectionTimer.AuthDeadline, setup.AuthTimeout);
    }

    private void OnAuthenticate(Command.Authenticate authenticate)
    {
        if (!setup.TakesTokens)
        {
            Refuse(authenticate, ErrorCode.AuthFailed, "This route takes no tokens.");
            return;
        }

        if (_identity is { IsAnonymous: true } && _rooms.Count > 0)
        {
            Refuse(authenticate, ErrorCode.AuthFailed, "Leave your rooms before you authenticate.");
            return;
        }

        var number = Await(authenticate);
        var result = environment.Authenticator.Authenticate(authenticate.Token, CancellationToken.None);
        if (result.IsCompletedSuccessfully)
        {
            OnAuthenticated(number, result.Result); // At once, so that commands sent behind it find the user known.
            return;
        }

        _authenticating = true;
        Context.PipeToSelf(
            result,
            checkedToken => new ConnectionMessage.Authenticated(number, checkedToken),
            _ => new ConnectionMessage.Authenticated(number, AuthenticationResult.Refused("The token could not be checked.")));
    }

    private void OnAuthenticated(long number, AuthenticationResult result)
    {
        _authenticating = false;
        Identify(number, result);
        ReleaseHeld();
    }

    private void Identify(long number, AuthenticationResult result)
    {
        if (result.Identity is not { } identity)
        {
            OnAnswered(number, Answer.Refused(ErrorCode.AuthFailed, result.Refusal!));
            Emit(new ServerEvent.AuthFailed(result.Refusal!));
            End(CloseReason.InvalidToken);
            return;
        }

        if (_identity is { IsAnonymous: false } current && current.User.Id != identity.User.Id)
        {
            OnAnswered(number, Answer.Refused(ErrorCode.AuthFailed, "The token is another user's."));
            return;
        }

        Context.CancelTimer(ConnectionTimer.AuthDeadline);
        OnAnswered(number, Answer.Of(new ReplyBody.Authenticated(identity.User, identity.ExpiresAt)));
        if (_identity?.User.Id == identity.User.Id)
        {
            _identity = identity;
            setup.Observer?.Identified(identity);
            TellAuthenticated(identity);
            WatchExpiry(identity);
            RefreshRooms(identity);
            return;
        }

        if (_registeredAs is { } before)
            environment.Users.Tell(before, new UserMessage.Unregister(setup.Id));
        Register(identity);
    }

    private void TellAuthenticated(Identity identity) => Emit(new ServerEvent.AuthSuccess(identity.User, identity.ExpiresAt));

    private void WatchExpiry(Identity identity)
    {
        Context.CancelTimer(ConnectionTimer.TokenExpiring);
        Context.CancelTimer(ConnectionTimer.TokenExpired);
        if (identity.ExpiresAt is not { } expiresAt)
            return;
        if (expiresAt - Now > LongestWatch.TotalMilliseconds)
        {
            StartTimer(ConnectionTimer.TokenExpiring, LongestWatch - ExpiryNotice);
            return;
        }

        var left = TimeSpan.FromMilliseconds(Math.Max(0, expiresAt - Now));
        var notice = left / 2 < ExpiryNotice ? left / 2 : left - ExpiryNotice;
        StartTimer(ConnectionTimer.TokenExpiring, notice);
        StartTimer(ConnectionTimer.TokenExpired, left);
    }

    private void OnSetUsername(Command.SetUsername set, Identity identity)
    {
        if (!identity.IsAnonymous)
        {
            Refuse(set, ErrorCode.Forbidden, "The name of a user with a token comes from the token.");
            return;
        }

        _identity = identity with { User = identity.User with { Username = set.Username } };
        setup.Observer?.Identified(_identity);
        RefreshRooms(_identity);
        Done(set, new ReplyBody.Named(set.Username));
        Emit(new ServerEvent.UsernameSet(set.Username));
    }

    private void OnTick(ConnectionTimer timer)
    {
        switch (timer)
        {
            case ConnectionTimer.Ping:
                _pingDue = true;
                PingIfDue();
                break;
            case ConnectionTimer.Pong when _gateClosed:
                break; // Nobody reads what the client says; the deadline begins anew when its reader goes on.
            case ConnectionTimer.Pong:
            case ConnectionTimer.Probe:
                Finish(new CloseReason(1006, "No pong"), lost: true);
                break;
            case ConnectionTimer.Idle:
                OnIdle();
                break;
            case ConnectionTimer.Lifetime:
                End(CloseReason.Lifetime);
                break;
            case ConnectionTimer.AuthDeadline:
                Emit(new ServerEvent.AuthTimeout("No token came in time."));
                End(CloseReason.AuthenticationRequired);
                break;
            case ConnectionTimer.TokenExpiring when _identity is { ExpiresAt: { } expiresAt } identity:
                if (expiresAt - Now > ExpiryNotice.TotalMilliseconds)
                    WatchExpiry(identity);
                else
                    Emit(new ServerEvent.AuthExpiring(expiresAt));
                break;
            case ConnectionTimer.TokenExpired:
                End(CloseReason.TokenExpired);
                break;
            case ConnectionTimer.Timeouts:
                OnTimeouts();
                break;
            case ConnectionTimer.CatchUp:
                CatchUpAgain();
                break;
        }
    }

    /// <summary>Pings a socket that takes more; one that is blocked is pinged when it does. The deadline runs from the ping.</summary>
    private void PingIfDue()
    {
        if (!_pingDue || _blocked || _awaitingPong)
            return;
        _pingDue = false;
        SendPing();
        if (setup.Socket.PingTimeout <= TimeSpan.Zero)
            return;
        _awaitingPong = true;
        StartTimer(ConnectionTimer.Pong, setup.Socket.PingTimeout);
    }

    private void SendPing()
    {
        socket.Ping("verb"u8);
        _dirty = true;
    }

    /// <summary>A client that pings and does not read is owed one pong, the last.</summary>
    private void OnPinged(ReadOnlyMemory<byte> payload)
    {
        if (_blocked)
        {
            _owedPong = payload;
            return;
        }

        socket.Pong(payload.Span);
        _dirty = true;
    }

    private void OnPonged()
    {
        _awaitingPong = false;
        Context.CancelTimer(ConnectionTimer.Pong);
        if (!_probed)
            return;
        _probed = false;
        Context.CancelTimer(ConnectionTimer.Probe);
        if (_registeredAs is { } user)
            environment.Users.Tell(user, new UserMessage.Alive(setup.Id));
    }

    private void OnProbe(TimeSpan deadline)
    {
        _probed = true;
        SendPing();
        StartTimer(ConnectionTimer.Probe, deadline);
    }

    private void OnIdle()
    {
        var silent = Context.Clock.GetElapsedTime(socket.LastReceived);
        if (silent >= setup.Socket.IdleTimeout)
            End(CloseReason.Idle);
        else
            StartTimer(ConnectionTimer.Idle, setup.Socket.IdleTimeout - silent);
    }

    private void RestartPongDeadline()
    {
        if (_awaitingPong && !_ended)
            StartTimer(ConnectionTimer.Pong, setup.Socket.PingTimeout);
    }

    private void StartTimer(ConnectionTimer timer, TimeSpan due) => Context.StartTimer(timer, new ConnectionMessage.Tick(timer), due);
}

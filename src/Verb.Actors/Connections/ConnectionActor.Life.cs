using Verb.Actors.Users;
using Verb.Contracts;

namespace Verb.Actors.Connections;

/// <summary>Time: whether the client is still there, and how long it may stay.</summary>
internal sealed partial class ConnectionActor
{
    private bool _awaitingPong;
    private bool _pingDue;
    private bool _owesPing;
    private long _pingedAt;
    private ReadOnlyMemory<byte>? _owedPong;
    private bool _probed;
    private long _probedAt;

    private void StartLife()
    {
        var times = setup.Socket;
        if (times.PingInterval > TimeSpan.Zero)
            StartTimer(ConnectionTimer.Ping, times.PingInterval, times.PingInterval);
        if (times.IdleTimeout > TimeSpan.Zero)
            StartTimer(ConnectionTimer.Idle, times.IdleTimeout);
        if (times.MaxLifetime > TimeSpan.Zero)
            StartTimer(ConnectionTimer.Lifetime, times.MaxLifetime);
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
            case ConnectionTimer.Pong when IsHeardSince(_pingedAt):
                _awaitingPong = false; // A pong cannot stand within a frame: who sends is alive.
                break;
            case ConnectionTimer.Probe when IsHeardSince(_probedAt):
                AnswerProbe();
                break;
            case ConnectionTimer.Pong:
            case ConnectionTimer.Probe:
                Finish(new CloseReason(1006, "No pong"), lost: true);
                break;
            case ConnectionTimer.Idle:
                OnIdle();
                break;
            case ConnectionTimer.Farewell when _farewell is { } reply:
                End(reply);
                break;
            case ConnectionTimer.Lifetime:
                End(CloseReason.Lifetime);
                break;
            case ConnectionTimer.AuthDeadline:
                Emit(new ServerEvent.AuthTimeout("No token came in time."));
                End(CloseReason.AuthenticationRequired);
                break;
            case ConnectionTimer.TokenExpiring when _identity is { ExpiresAt: { } expiresAt }:
                if (_tokenEnds - Steady > ExpiryNotice.TotalMilliseconds)
                    WatchExpiry();
                else
                    Emit(new ServerEvent.AuthExpiring(expiresAt));
                break;
            case ConnectionTimer.TokenExpired:
                End(CloseReason.TokenExpired);
                break;
            case ConnectionTimer.Timeouts:
                OnTimeouts();
                break;
            case ConnectionTimer.RegisterAgain:
                RegisterAgain();
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
        _pingedAt = environment.Hub.Clock.GetTimestamp();
        if (setup.Socket.PingTimeout <= TimeSpan.Zero)
            return;
        _awaitingPong = true;
        StartTimer(ConnectionTimer.Pong, setup.Socket.PingTimeout);
    }

    /// <summary>While a flush waits for the peer nothing is written: a probe's ping goes behind it.</summary>
    private void SendPing()
    {
        _owesPing = _blocked;
        if (_blocked)
            return;
        socket.Ping("verb"u8);
        _dirty = true;
    }

    private bool IsHeardSince(long time) => environment.Hub.Clock.GetElapsedTime(time, socket.LastReceived) > TimeSpan.Zero;

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
        CancelTimer(ConnectionTimer.Pong);
        if (!_probed)
            return;
        CancelTimer(ConnectionTimer.Probe);
        AnswerProbe();
    }

    private void AnswerProbe()
    {
        _probed = false;
        if (_registeredAs is { } user)
            environment.Users.Tell(user, new UserMessage.Alive(setup.Id));
    }

    /// <summary>Somebody wants this one's place. One whom the hub itself does not hear now counts as alive.</summary>
    private void OnProbe(TimeSpan deadline)
    {
        if (_gateClosed && _registeredAs is { } user)
        {
            environment.Users.Tell(user, new UserMessage.Alive(setup.Id));
            return;
        }

        _probed = true;
        _probedAt = environment.Hub.Clock.GetTimestamp();
        SendPing();
        StartTimer(ConnectionTimer.Probe, deadline);
    }

    private void OnIdle()
    {
        var silent = environment.Hub.Clock.GetElapsedTime(socket.LastReceived);
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

    private void StartTimer(ConnectionTimer timer, TimeSpan due, TimeSpan period = default) => _timers.Start(Self, timer, due, period);

    private void CancelTimer(ConnectionTimer timer) => _timers.Cancel(timer);
}

using Verb.Actors.Users;
using Verb.Contracts;

namespace Verb.Actors.Connections;

/// <summary>Identity: who the client is, from the handshake or by token, and for how long.</summary>
internal sealed partial class ConnectionActor
{
    /// <summary>How far ahead of a token's expiry the client is told, at most.</summary>
    private static readonly TimeSpan ExpiryNotice = TimeSpan.FromMinutes(1);

    /// <summary>An expiry further away than this is looked at again then: timers do not reach to the end of time.</summary>
    private static readonly TimeSpan LongestWatch = TimeSpan.FromDays(1);

    /// <summary>No connection lasts as long.</summary>
    private static readonly TimeSpan EndOfTime = TimeSpan.FromDays(36_500);

    private long _tokenEnds;
    private bool _authenticating;
    private bool _welcomed;

    private void Register(Identity identity)
    {
        _identity = identity;
        _registered = false;
        _lastInboxSeq = 0;
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
        if (setup.AuthTimeout > TimeSpan.Zero)
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
        Identify(number, result);
        _authenticating = false;
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

        CancelTimer(ConnectionTimer.AuthDeadline);
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

    /// <summary>A token says by the calendar when it ends. Once it was taken that is a time that passes, whatever the calendar is set to.</summary>
    private void WatchExpiry(Identity identity)
    {
        CancelTimer(ConnectionTimer.TokenExpiring);
        CancelTimer(ConnectionTimer.TokenExpired);
        if (identity.ExpiresAt is not { } expiresAt)
            return;
        _tokenEnds = Steady + Math.Clamp(expiresAt - Now, 0, (long)EndOfTime.TotalMilliseconds);
        WatchExpiry();
    }

    private void WatchExpiry()
    {
        var left = TimeSpan.FromMilliseconds(_tokenEnds - Steady);
        if (left > LongestWatch)
        {
            StartTimer(ConnectionTimer.TokenExpiring, LongestWatch - ExpiryNotice);
            return;
        }

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
}

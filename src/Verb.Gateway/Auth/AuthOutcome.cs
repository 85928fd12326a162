using Verb.Contracts;

namespace Verb.Gateway.Auth;

/// <summary>What a route's mode makes of a handshake. A closed set.</summary>
internal abstract record AuthOutcome
{
    private AuthOutcome()
    {
    }

    /// <summary>The connection begins as this user, by token or anonymous.</summary>
    public sealed record Known(Identity Identity) : AuthOutcome;

    /// <summary>The connection begins without a user: <c>auth_required</c>, and 4001 where no <c>auth</c> comes in time.</summary>
    public sealed record Awaited : AuthOutcome;

    /// <summary>The token was refused: upgrade, <c>auth_failed</c>, 4002.</summary>
    public sealed record Failed(string Message) : AuthOutcome;

    /// <summary>No upgrade: 401.</summary>
    public sealed record Unauthorized(string Message) : AuthOutcome;
}

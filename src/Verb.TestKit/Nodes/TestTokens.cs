using Verb.Actors.Connections;
using Verb.Contracts;

namespace Verb.TestKit.Nodes;

/// <summary>
/// Tokens that say what they prove: <c>alice</c>, <c>alice:admin</c>, <c>alice@60</c> for one that expires in 60 seconds. A token that begins
/// with <c>bad</c> is refused.
/// </summary>
/// <param name="clock">The clock that expiry counts on.</param>
public sealed class TestTokens(TimeProvider clock) : IAuthenticator
{
    private TaskCompletionSource? _held;

    /// <summary>From here on no token is checked until <see cref="Release"/>: the authority is slow.</summary>
    public void Hold() => _held ??= new TaskCompletionSource();

    /// <summary>Checks the tokens that wait.</summary>
    public void Release()
    {
        var held = _held;
        _held = null;
        held?.SetResult();
    }

    /// <inheritdoc/>
    public async ValueTask<AuthenticationResult> Authenticate(string token, CancellationToken cancellation)
    {
        if (_held is { } held)
            await held.Task;
        if (token.StartsWith("bad", StringComparison.Ordinal))
            return AuthenticationResult.Refused("The token is bad.");
        var expiry = token.Split('@', 2);
        var parts = expiry[0].Split(':', 2);
        var role = parts.Length > 1 ? parts[1] : "user";
        long? expiresAt = expiry.Length > 1
            ? clock.GetUtcNow().ToUnixTimeMilliseconds() + (1000 * long.Parse(expiry[1], System.Globalization.CultureInfo.InvariantCulture))
            : null;
        return AuthenticationResult.Of(new Identity(new User(new UserId(parts[0]), parts[0], role), [role], expiresAt));
    }
}


namespace Verb.Actors.Connections;

/// <summary>Turns a token into an identity.</summary>
public interface IAuthenticator
{
    /// <summary>Checks a token. Never throws for a bad one.</summary>
    ValueTask<AuthenticationResult> Authenticate(string token, CancellationToken cancellation);
}

using Verb.Contracts;

namespace Verb.Gateway.Auth;

/// <summary>Which client a connection is, whether or not a user stands behind it.</summary>
/// <param name="ClientId">A UUID.</param>
/// <param name="Session">The secret with which the client keeps its id when it comes back.</param>
/// <param name="Resumed">Whether the client came with a valid session.</param>
internal sealed record ClientIdentity(string ClientId, string Session, bool Resumed)
{
    private const int GuestCharacters = 4;

    /// <summary>The anonymous user of this client: named <c>guest-</c> and the end of its id, the same whenever it comes back.</summary>
    public Identity Anonymous => Identity.Anonymous(new UserId(ClientId), "guest-" + ClientId[^GuestCharacters..]);

    /// <summary>Keeps the session out of logs.</summary>
    public override string ToString() => ClientId;
}

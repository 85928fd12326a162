namespace Verb.Gateway.Auth;

/// <summary>What a route demands of those who connect.</summary>
public enum AuthMode
{
    /// <summary>Nothing; tokens are not looked at.</summary>
    Anonymous,

    /// <summary>No token: anonymous. A refused token closes with 4002.</summary>
    Optional,

    /// <summary>A token with the handshake or in <c>auth</c>: none in time closes with 4001, a refused one with 4002.</summary>
    Required,

    /// <summary>A valid token with the handshake, otherwise 401 before the upgrade.</summary>
    Handshake,
}

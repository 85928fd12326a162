using Verb.Contracts;

namespace Verb.Gateway.Http;

/// <summary>What a request has presented. A closed set.</summary>
internal abstract record Credential
{
    private Credential()
    {
    }

    /// <summary>Nothing.</summary>
    public sealed record None : Credential;

    /// <summary>The API key: the host application itself.</summary>
    public sealed record Key : Credential;

    /// <summary>A token that holds.</summary>
    public sealed record Token(Identity Identity) : Credential;

    /// <summary>A key or a token that does not hold.</summary>
    public sealed record Refused(string Reason) : Credential;
}

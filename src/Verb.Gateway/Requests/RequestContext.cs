using Verb.Contracts;

namespace Verb.Gateway.Requests;

/// <summary>Who sends a request.</summary>
/// <param name="ClientId">The connection's client id.</param>
/// <param name="Identity">The user behind it.</param>
/// <param name="Hub">The hub, to publish and notify.</param>
public sealed record RequestContext(UserId ClientId, Identity Identity, IVerbHub Hub);

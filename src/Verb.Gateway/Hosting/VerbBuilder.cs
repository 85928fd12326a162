using Verb.Contracts;
using Verb.Gateway.Auth;
using Verb.Gateway.Requests;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds what is the host's own to the hub.</summary>
public sealed class VerbBuilder
{
    private readonly Dictionary<string, RequestHandler> _requests = [];

    internal VerbBuilder(IServiceCollection services) => Services = services;

    /// <summary>The host's services.</summary>
    public IServiceCollection Services { get; }

    internal IReadOnlyDictionary<string, RequestHandler> Requests => _requests;

    /// <summary>Handles the requests of one type: <c>{id, type, payload}</c> is answered with what the handler gives.</summary>
    /// <param name="type">1 to 64 characters; not one of the protocol's own commands, which come first.</param>
    /// <param name="handler">Handles one request.</param>
    /// <exception cref="ArgumentException">The type is not allowed, or has a handler already.</exception>
    public VerbBuilder AddRequest(string type, RequestHandler handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        if (!Identifier.IsLabel(type))
            throw new ArgumentException("A request's type is 1 to 64 characters without control characters.", nameof(type));
        if (CommandReader.IsCommand(type))
            throw new ArgumentException($"'{type}' is a command of the protocol.", nameof(type));
        if (!_requests.TryAdd(type, handler))
            throw new ArgumentException($"The request '{type}' has a handler already.", nameof(type));
        return this;
    }

    /// <summary>Verifies tokens with the host's own verifier in place of the built-in one for JSON web tokens.</summary>
    public VerbBuilder UseTokenVerifier<TVerifier>()
        where TVerifier : class, ITokenVerifier
    {
        Services.AddSingleton<ITokenVerifier, TVerifier>();
        return this;
    }
}

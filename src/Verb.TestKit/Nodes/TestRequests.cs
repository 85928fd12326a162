using Verb.Actors.Connections;
using Verb.Contracts;

namespace Verb.TestKit.Nodes;

/// <summary>The request handlers of a <see cref="TestNode"/>.</summary>
public sealed class TestRequests : IRequestHandlers
{
    private readonly Dictionary<string, Handler> _handlers = [];

    /// <summary>Answers a request.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="payload">The JSON that came.</param>
    /// <param name="cancellation">Cancelled when the time is over or the connection has ended.</param>
    public delegate ValueTask<Answer> Handler(Identity caller, ReadOnlyMemory<byte> payload, CancellationToken cancellation);

    /// <inheritdoc/>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Registers a handler.</summary>
    public void Add(string name, Handler handler) => _handlers[name] = handler;

    /// <inheritdoc/>
    public bool Knows(string name) => _handlers.ContainsKey(name);

    /// <inheritdoc/>
    public ValueTask<Answer> Handle(
        string name, UserId clientId, Identity identity, ReadOnlyMemory<byte> payload, CancellationToken cancellation) =>
        _handlers[name](identity, payload, cancellation);
}

using Verb.Contracts;

namespace Verb.Actors.Connections;

/// <summary>The requests that the host application has registered.</summary>
internal interface IRequestHandlers
{
    /// <summary>How long a handler may take; then the client is answered <c>TIMEOUT</c>.</summary>
    TimeSpan Timeout { get; }

    /// <summary>Whether there is a handler of that name.</summary>
    bool Knows(string name);

    /// <summary>Runs the handler; called only for a name it knows. The token is cancelled when the connection ends or the time is over.</summary>
    ValueTask<Answer> Handle(string name, UserId clientId, Identity identity, ReadOnlyMemory<byte> payload, CancellationToken cancellation);
}

using Verb.Actors.Connections;
using Verb.Contracts;

namespace Verb.TestKit.Nodes;

/// <summary>How a client comes to a <see cref="TestNode"/>.</summary>
public sealed record ClientOptions
{
    /// <summary>Who the handshake says it is; null: anonymous, or nobody yet where <see cref="MustAuthenticate"/> is set.</summary>
    public string? User { get; init; }

    /// <summary>The user's roles. Default <c>user</c>.</summary>
    public IReadOnlyList<string> Roles { get; init; } = ["user"];

    /// <summary>When the handshake's token expires, from now; null: never.</summary>
    public TimeSpan? ExpiresIn { get; init; }

    /// <summary>The route demands a user, and the handshake named none.</summary>
    public bool MustAuthenticate { get; init; }

    /// <summary>The handshake's token was refused: why.</summary>
    public string? TokenRefusal { get; init; }

    /// <summary>Whether the route looks at tokens. Default true.</summary>
    public bool TakesTokens { get; init; } = true;

    /// <summary>The client id of an earlier session; null: a fresh one.</summary>
    public UserId? ClientId { get; init; }

    /// <summary>How its socket lives; null: as the node says.</summary>
    public SocketOptions? Socket { get; init; }

    /// <summary>How much it may ask for; null: as the node says.</summary>
    public LimitOptions? Limits { get; init; }

    /// <summary>Whether it answers protocol pings. Default true.</summary>
    public bool AnswersPings { get; init; } = true;

    /// <summary>Hears what happens to the connection.</summary>
    internal IConnectionObserver? Observer { get; init; }
}

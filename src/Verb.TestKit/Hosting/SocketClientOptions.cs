namespace Verb.TestKit.Hosting;

/// <summary>How a <see cref="SocketClient"/> connects and reads.</summary>
public sealed record SocketClientOptions
{
    /// <summary>The subprotocols it offers, <c>bearer.…</c> and <c>session.…</c> among them. Default none.</summary>
    public IReadOnlyList<string> Subprotocols { get; init; } = [];

    /// <summary>Further headers of the handshake. Default none.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>The receive buffer of its TCP socket, in bytes: a small one makes a stalled client's hub notice soon. Default null: the system's.</summary>
    public int? ReceiveBufferBytes { get; init; }

    /// <summary>Whether a received ping is answered. Default true.</summary>
    public bool AnswersPings { get; init; } = true;

    /// <summary>How long one receive or send waits before it fails. Default 30 s.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(30);
}

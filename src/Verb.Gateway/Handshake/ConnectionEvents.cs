using Verb.Contracts;

namespace Verb.Gateway.Handshake;

/// <summary>
/// What a host hears of a route's connections. Each callback is awaited before the next one of the same connection; one that throws is
/// logged and told to <see cref="OnError"/>, and the connection stays. Every one is optional.
/// </summary>
public sealed record ConnectionEvents
{
    /// <summary>The connection is open, before its first message is read.</summary>
    public Func<ClientConnection, ValueTask>? OnOpen { get; init; }

    /// <summary>
    /// A whole message came, before the hub handles it: its bytes, valid until the callback completes, and whether it is binary. One that is
    /// refused for its size is not told.
    /// </summary>
    public Func<ClientConnection, ReadOnlyMemory<byte>, bool, ValueTask>? OnMessage { get; init; }

    /// <summary>The connection has ended, with the code that was sent or received; 1006 where it was lost.</summary>
    public Func<ClientConnection, CloseReason, ValueTask>? OnClose { get; init; }

    /// <summary>The connection failed, or a callback did. A lost connection is no error.</summary>
    public Func<ClientConnection, Exception, ValueTask>? OnError { get; init; }

    /// <summary>A ping came, with its payload.</summary>
    public Func<ClientConnection, ReadOnlyMemory<byte>, ValueTask>? OnPing { get; init; }

    /// <summary>A pong came, with its payload.</summary>
    public Func<ClientConnection, ReadOnlyMemory<byte>, ValueTask>? OnPong { get; init; }

    /// <summary>What waited for a slow client has been written.</summary>
    public Func<ClientConnection, ValueTask>? OnDrain { get; init; }

    /// <summary>Whether there is no callback at all.</summary>
    internal bool IsEmpty => this == None;

    internal static ConnectionEvents None { get; } = new();
}

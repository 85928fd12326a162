namespace Verb.Gateway.Handshake;

/// <summary>What a selector makes of the subprotocols a client offers.</summary>
public sealed record SubprotocolChoice
{
    private SubprotocolChoice(string? name, bool isRefused) => (Name, IsRefused) = (name, isRefused);

    /// <summary>The subprotocol; null: the handshake succeeds without one.</summary>
    public string? Name { get; }

    /// <summary>Whether the handshake is refused with 400.</summary>
    public bool IsRefused { get; }

    /// <summary>No subprotocol: the client decides whether to go on.</summary>
    public static SubprotocolChoice None { get; } = new(null, false);

    /// <summary>The handshake is refused with 400.</summary>
    public static SubprotocolChoice Refuse { get; } = new(null, true);

    /// <summary>One of those offered.</summary>
    public static SubprotocolChoice Select(string name) => new(name, false);
}

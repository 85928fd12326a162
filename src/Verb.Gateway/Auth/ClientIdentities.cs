namespace Verb.Gateway.Auth;

/// <summary>Gives each handshake its client id: the one of its session, or a new one. Thread-safe where <paramref name="fill"/> is.</summary>
/// <param name="sessions">Reads and issues sessions.</param>
/// <param name="fill">The source of randomness.</param>
internal sealed class ClientIdentities(SessionTokens sessions, Action<Span<byte>> fill)
{
    /// <summary>The client behind <paramref name="session"/>; a missing, foreign or expired session is a new client.</summary>
    public ClientIdentity Identify(string? session)
    {
        var resumed = sessions.TryRead(session, out var clientId);
        if (!resumed)
            clientId = Draw();
        return new ClientIdentity(clientId.ToString(), sessions.Issue(clientId), resumed);
    }

    /// <summary>A random UUID (RFC 9562, version 4).</summary>
    private Guid Draw()
    {
        Span<byte> bytes = stackalloc byte[16];
        fill(bytes);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}

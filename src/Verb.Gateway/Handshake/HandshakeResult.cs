using System.Collections.Frozen;

namespace Verb.Gateway.Handshake;

/// <summary>A verifier's answer to a handshake.</summary>
public sealed record HandshakeResult
{
    private HandshakeResult()
    {
    }

    /// <summary>The handshake goes on.</summary>
    public static HandshakeResult Accept { get; } = new();

    /// <summary>The HTTP status of the refusal; 0 where the handshake goes on.</summary>
    public int Status { get; private init; }

    /// <summary>What the client is told: the body <c>{"error":…}</c>.</summary>
    public string Reason { get; private init; } = "";

    /// <summary>Headers of the refusal.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; private init; } = FrozenDictionary<string, string>.Empty;

    /// <summary>Whether the handshake goes on.</summary>
    public bool IsAccepted => Status == 0;

    /// <summary>Refuses the handshake before the upgrade.</summary>
    /// <param name="status">An HTTP status from 300 to 599.</param>
    /// <param name="reason">What the client is told; null: the status's own name.</param>
    /// <param name="headers">Headers of the response; null: none.</param>
    /// <exception cref="ArgumentException">The status or a header is not allowed.</exception>
    public static HandshakeResult Refuse(int status, string? reason = null, IReadOnlyDictionary<string, string>? headers = null)
    {
        if (status is < 300 or > 599)
            throw new ArgumentOutOfRangeException(nameof(status), status, "A refusal has a status from 300 to 599.");
        foreach (var (name, value) in headers ?? FrozenDictionary<string, string>.Empty)
            ResponseHeaders.Check(name, value);
        return new HandshakeResult
        {
            Status = status,
            Reason = reason ?? Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status),
            Headers = headers ?? FrozenDictionary<string, string>.Empty,
        };
    }
}

using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace Verb.Gateway.Auth;

/// <summary>
/// Signs and reads the <c>session</c> of <c>connected</c>: version, client id and time of issue under HMAC-SHA256, as base64url. Whoever
/// presents it within a day keeps the client id. Thread-safe.
/// </summary>
internal sealed class SessionTokens
{
    /// <summary>How long a session is good for, from its issue; each connect issues a new one.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    /// <summary>The least length of the hub's secret.</summary>
    public const int SecretBytes = 32;

    /// <summary>The length of every session.</summary>
    public const int Length = 76;

    private const byte Version = 1;
    private const int SignedBytes = 1 + 16 + 8;
    private const int TotalBytes = SignedBytes + HMACSHA256.HashSizeInBytes;

    private readonly byte[] _key;
    private readonly TimeProvider _clock;

    /// <summary>Derives the signing key, so that the same secret may serve other purposes too.</summary>
    public SessionTokens(byte[] secret, TimeProvider clock)
    {
        if (secret.Length < SecretBytes)
            throw new ArgumentException($"The secret has at least {SecretBytes} bytes.", nameof(secret));
        _key = HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, HMACSHA256.HashSizeInBytes, info: "verb session v1"u8.ToArray());
        _clock = clock;
    }

    /// <summary>A session for this client, issued now.</summary>
    public string Issue(Guid clientId)
    {
        Span<byte> bytes = stackalloc byte[TotalBytes];
        bytes[0] = Version;
        clientId.TryWriteBytes(bytes[1..], bigEndian: true, out _);
        BinaryPrimitives.WriteInt64BigEndian(bytes[17..], _clock.GetUtcNow().ToUnixTimeMilliseconds());
        HMACSHA256.HashData(_key, bytes[..SignedBytes], bytes[SignedBytes..]);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>The client of a session that this hub issued within a day; false for anything else.</summary>
    public bool TryRead(string? session, out Guid clientId)
    {
        clientId = default;
        Span<byte> bytes = stackalloc byte[TotalBytes];
        if (session is not { Length: Length }
            || Base64Url.DecodeFromChars(session, bytes, out _, out var written) != OperationStatus.Done
            || written != TotalBytes)
            return false;
        Span<byte> expected = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key, bytes[..SignedBytes], expected);
        if (!CryptographicOperations.FixedTimeEquals(expected, bytes[SignedBytes..]) || bytes[0] != Version)
            return false;
        var age = _clock.GetUtcNow().ToUnixTimeMilliseconds() - BinaryPrimitives.ReadInt64BigEndian(bytes[17..]);
        if (age >= Lifetime.TotalMilliseconds)
            return false; // One from the future is the hub's own all the same: nodes share the secret, not the clock, and a clock may be set back.
        clientId = new Guid(bytes.Slice(1, 16), bigEndian: true);
        return true;
    }
}

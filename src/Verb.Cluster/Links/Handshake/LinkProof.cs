using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Verb.Cluster.Links.Handshake;

/// <summary>
/// The proof that a side knows the cluster's secret: HMAC-SHA256 (RFC 2104) over which side it is and both hellos as they crossed, nonces,
/// names and versions included. So none of it can be changed on the way, said again later, or sent back to who said it.
/// </summary>
internal static class LinkProof
{
    /// <summary>How long a nonce is.</summary>
    public const int NonceBytes = 32;

    /// <summary>The proof of one side.</summary>
    public static byte[] Of(byte[] secret, LinkSide side, ReadOnlySpan<byte> diallersHello, ReadOnlySpan<byte> acceptorsHello)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret);
        hash.AppendData(side == LinkSide.Dialler ? "verb link, dialler"u8 : "verb link, acceptor"u8);
        Append(hash, diallersHello);
        Append(hash, acceptorsHello);
        return hash.GetHashAndReset();
    }

    private static void Append(IncrementalHash hash, ReadOnlySpan<byte> hello)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(length, hello.Length);
        hash.AppendData(length);
        hash.AppendData(hello);
    }
}

/// <summary>The two sides of a link.</summary>
internal enum LinkSide
{
    /// <summary>Made the connection.</summary>
    Dialler,

    /// <summary>Took it.</summary>
    Acceptor,
}

using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Verb.Gateway.Tests.Auth;

/// <summary>Makes tokens by hand, so that every wrong one can be made.</summary>
internal static class TestTokens
{
    public const string Secret = "a secret of at least thirty-two bytes!";

    public static string Hs256(object claims, string secret = Secret) => Hs256(JsonSerializer.Serialize(claims), secret);

    public static string Hs256(string payload, string secret = Secret) =>
        Sign("""{"alg":"HS256","typ":"JWT"}""", payload, input => HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), input));

    public static string Rs256(object claims, RSA key) =>
        Sign("""{"alg":"RS256"}""", JsonSerializer.Serialize(claims), input => key.SignData(input, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));

    public static string Es256(object claims, ECDsa key) =>
        Sign("""{"alg":"ES256"}""", JsonSerializer.Serialize(claims), input => key.SignData(input, HashAlgorithmName.SHA256));

    public static string Sign(string header, string payload, Func<byte[], byte[]> sign)
    {
        var input = Encode(header) + "." + Encode(payload);
        return input + "." + Base64Url.EncodeToString(sign(Encoding.ASCII.GetBytes(input)));
    }

    public static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
}

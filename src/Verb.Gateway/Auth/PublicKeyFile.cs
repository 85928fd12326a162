using System.Security;
using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;
using Verb.Gateway.Settings;

namespace Verb.Gateway.Auth;

/// <summary>Reads the public keys of a PEM file (RFC 7468): RSA for RS256, EC P-256 for ES256.</summary>
internal static class PublicKeyFile
{
    private const string Setting = "Verb:Auth:PublicKeyFile";
    private const int LeastRsaBits = 2048;
    private const int LargestFile = 1 << 20;
    private const string P256 = "1.2.840.10045.3.1.7";

    /// <summary>Reads every key of the file.</summary>
    /// <exception cref="VerbSettingsException">The file cannot be read, or holds anything but public keys that are strong enough.</exception>
    public static IReadOnlyList<SecurityKey> Read(string path)
    {
        var text = ReadText(path).AsSpan();
        var keys = new List<SecurityKey>();
        while (PemEncoding.TryFind(text, out var fields))
        {
            keys.Add(Key(path, text[fields.Label].ToString(), text[fields.Location]));
            text = text[fields.Location.End..];
        }

        return keys.Count > 0 ? keys : throw new VerbSettingsException(Setting, path, "holds no public key; must be a PEM file with BEGIN PUBLIC KEY");
    }

    private static string ReadText(string path)
    {
        try
        {
            if (!File.Exists(path))
                throw new VerbSettingsException(Setting, path, "no such file; must be a PEM file with a public key");
            return new FileInfo(path).Length <= LargestFile
                ? File.ReadAllText(path)
                : throw new VerbSettingsException(Setting, path, "is too large; must be a PEM file with a public key");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SecurityException)
        {
            throw new VerbSettingsException(Setting, path, "cannot be read; must be a PEM file with a public key");
        }
    }

    private static SecurityKey Key(string path, string label, ReadOnlySpan<char> pem)
    {
        if (label.EndsWith("PRIVATE KEY", StringComparison.Ordinal))
            throw new VerbSettingsException(Setting, path, "holds a private key; keep that with the issuer and give the hub the public key");
        return label switch
        {
            "RSA PUBLIC KEY" => Rsa(path, pem) ?? throw NotAKey(path),
            "PUBLIC KEY" => (SecurityKey?)Rsa(path, pem) ?? Ec(path, pem) ?? throw NotAKey(path),
            _ => throw new VerbSettingsException(Setting, path, $"holds '{label}'; must be a PEM file with BEGIN PUBLIC KEY"),
        };
    }

    private static RsaSecurityKey? Rsa(string path, ReadOnlySpan<char> pem)
    {
        using var rsa = RSA.Create();
        try
        {
            rsa.ImportFromPem(pem);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            return null;
        }

        return rsa.KeySize >= LeastRsaBits
            ? new RsaSecurityKey(rsa.ExportParameters(includePrivateParameters: false))
            : throw new VerbSettingsException(Setting, path, $"holds an RSA key of {rsa.KeySize} bits; must be at least {LeastRsaBits}");
    }

    private static ECDsaSecurityKey? Ec(string path, ReadOnlySpan<char> pem)
    {
        var ec = ECDsa.Create();
        try
        {
            ec.ImportFromPem(pem);
            if (ec.ExportParameters(includePrivateParameters: false).Curve.Oid.Value == P256)
                return new ECDsaSecurityKey(ec);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            ec.Dispose();
            return null;
        }

        ec.Dispose();
        throw new VerbSettingsException(Setting, path, "holds an EC key of another curve; ES256 needs P-256");
    }

    private static VerbSettingsException NotAKey(string path) =>
        new(Setting, path, "holds a public key that cannot be read; must be RSA (RS256) or EC P-256 (ES256)");
}

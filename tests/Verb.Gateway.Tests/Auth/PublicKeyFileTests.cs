using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;
using Verb.Gateway.Auth;
using Verb.Gateway.Settings;

namespace Verb.Gateway.Tests.Auth;

public sealed class PublicKeyFileTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void Every_public_key_of_the_file_is_read_whatever_stands_around_it()
    {
        using var rsa = RSA.Create(2048);
        using var ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        File.WriteAllText(_path, $"old:\r\n{rsa.ExportRSAPublicKeyPem()}\r\nnew:\n{ec.ExportSubjectPublicKeyInfoPem()}\n{rsa.ExportSubjectPublicKeyInfoPem()}");

        var keys = PublicKeyFile.Read(_path);

        keys.Count.ShouldBe(3);
        keys.OfType<RsaSecurityKey>().Count().ShouldBe(2);
        keys.OfType<ECDsaSecurityKey>().Count().ShouldBe(1);
    }

    [Fact]
    public void A_missing_file_is_one_clear_line() =>
        Should.Throw<VerbSettingsException>(() => PublicKeyFile.Read("/no/such/key.pem")).Message
            .ShouldBe("Verb:Auth:PublicKeyFile = \"/no/such/key.pem\": no such file; must be a PEM file with a public key");

    [Fact]
    public void A_file_that_another_process_holds_is_one_clear_line()
    {
        using var held = new FileStream(_path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);

        Refused("cannot be read");
    }

    [Fact]
    public void An_empty_or_foreign_file_is_refused()
    {
        Refused("holds no public key");
        File.WriteAllText(_path, "ssh-rsa AAAA");
        Refused("holds no public key");
        File.WriteAllText(_path, new string('x', (1 << 20) + 1));
        Refused("is too large");
        File.WriteAllText(_path, "-----BEGIN NOTE-----\nAAAA\n-----END NOTE-----");
        Refused("holds 'NOTE'");
        File.WriteAllText(_path, "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----");
        Refused("cannot be read");
    }

    [Fact]
    public void A_private_key_is_refused()
    {
        using var rsa = RSA.Create(2048);
        foreach (var pem in new[] { rsa.ExportPkcs8PrivateKeyPem(), rsa.ExportRSAPrivateKeyPem() })
        {
            File.WriteAllText(_path, pem);
            Refused("holds a private key");
        }
    }

    [Fact]
    public void A_weak_key_or_another_curve_is_refused()
    {
        using var rsa = RSA.Create(1024);
        File.WriteAllText(_path, rsa.ExportSubjectPublicKeyInfoPem());
        Refused("1024 bits");

        using var ec = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        File.WriteAllText(_path, ec.ExportSubjectPublicKeyInfoPem());
        Refused("P-256");
    }

    private void Refused(string words)
    {
        var message = Should.Throw<VerbSettingsException>(() => PublicKeyFile.Read(_path)).Message;
        message.ShouldContain(words);
        message.ShouldStartWith("Verb:Auth:PublicKeyFile");
        message.ShouldNotContain('\n');
    }
}

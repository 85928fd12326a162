using System.Security.Cryptography;
using System.Text;
using Verb.Contracts;
using Verb.Gateway.Auth;
using Verb.Gateway.Settings;
using Verb.TestKit.Time;

namespace Verb.Gateway.Tests.Auth;

public sealed class JwtVerifierTests : IDisposable
{
    private static readonly RSA RsaKey = RSA.Create(2048);
    private static readonly ECDsa EcKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private readonly string _keyFile = Path.GetTempFileName();
    private readonly ManualClock _clock = new();

    public JwtVerifierTests() => File.WriteAllText(_keyFile, RsaKey.ExportSubjectPublicKeyInfoPem() + "\n" + EcKey.ExportSubjectPublicKeyInfoPem());

    private long Now => _clock.GetUtcNow().ToUnixTimeSeconds();

    public void Dispose() => File.Delete(_keyFile);

    [Fact]
    public async Task A_token_names_its_user_role_and_end()
    {
        var identity = (await Verify(TestTokens.Hs256(new { sub = "u1", name = "Ada", role = "admin", exp = Now + 60 }))).Identity.ShouldNotBeNull();

        identity.User.ShouldBe(new User(new UserId("u1"), "Ada", "admin"));
        identity.Roles.ShouldBe(["admin"]);
        identity.ExpiresAt.ShouldBe((Now + 60) * 1000);
    }

    [Fact]
    public async Task Without_name_role_and_end_the_user_is_named_by_its_id_and_has_the_role_user()
    {
        var identity = (await Verify(TestTokens.Hs256(new { sub = "u1" }))).Identity.ShouldNotBeNull();

        identity.User.ShouldBe(new User(new UserId("u1"), "u1", "user"));
        identity.ExpiresAt.ShouldBeNull();
    }

    [Fact]
    public async Task RS256_and_ES256_are_verified_with_the_keys_of_the_file()
    {
        (await Verify(TestTokens.Rs256(new { sub = "rsa" }, RsaKey))).Identity!.User.Id.Value.ShouldBe("rsa");
        (await Verify(TestTokens.Es256(new { sub = "ec" }, EcKey))).Identity!.User.Id.Value.ShouldBe("ec");
    }

    [Fact]
    public async Task Keys_are_shared_by_many_threads()
    {
        var verifier = Verifier();
        string[] tokens = [TestTokens.Rs256(new { sub = "u" }, RsaKey), TestTokens.Es256(new { sub = "u" }, EcKey), TestTokens.Hs256(new { sub = "u" })];
        var accepted = 0;

        await Parallel.ForAsync(0, 600, async (i, cancellation) =>
        {
            if ((await verifier.Verify(tokens[i % 3], cancellation)).Identity is not null)
                Interlocked.Increment(ref accepted);
        });

        accepted.ShouldBe(600);
    }

    [Fact]
    public async Task A_token_signed_by_another_key_is_refused()
    {
        using var rsa = RSA.Create(2048);
        using var ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        await Refused(TestTokens.Hs256(new { sub = "u" }, "another secret of thirty-two bytes!!"), "signature");
        await Refused(TestTokens.Rs256(new { sub = "u" }, rsa), "signature");
        await Refused(TestTokens.Es256(new { sub = "u" }, ec), "signature");
    }

    [Fact]
    public async Task A_public_key_used_as_a_secret_is_refused()
    {
        var pem = RsaKey.ExportSubjectPublicKeyInfoPem();
        foreach (var secret in new[] { pem, pem + "\n", File.ReadAllText(_keyFile), Convert.ToBase64String(RsaKey.ExportSubjectPublicKeyInfo()) })
        {
            await Refused(TestTokens.Hs256(new { sub = "u" }, secret), "signature");
            (await Verify(TestTokens.Hs256(new { sub = "u" }, secret), new AuthOptions { PublicKeyFile = _keyFile })).Refusal
                .ShouldBe("The token's algorithm is not accepted.");
        }
    }

    [Theory]
    [InlineData("none")]
    [InlineData("None")]
    [InlineData("hs256")]
    [InlineData("HS384")]
    [InlineData("HS512")]
    [InlineData("RS512")]
    [InlineData("PS256")]
    [InlineData("ES384")]
    [InlineData("")]
    public async Task Any_other_algorithm_is_refused(string algorithm)
    {
        var header = "{\"alg\":\"" + algorithm + "\"}";
        await Refused(TestTokens.Sign(header, """{"sub":"u"}""", _ => []), "algorithm");
        await Refused(TestTokens.Sign(header, """{"sub":"u"}""", input => HMACSHA256.HashData(Encoding.UTF8.GetBytes(TestTokens.Secret), input)), "algorithm");
    }

    [Fact]
    public async Task A_signature_is_not_lent_to_another_algorithm()
    {
        var ec = EcKey;
        await Refused(TestTokens.Sign("""{"alg":"RS256"}""", """{"sub":"u"}""", input => ec.SignData(input, HashAlgorithmName.SHA256)), "signature");
        await Refused(TestTokens.Sign("""{"alg":"ES256"}""", """{"sub":"u"}""", input => HMACSHA256.HashData(Encoding.UTF8.GetBytes(TestTokens.Secret), input)), "signature");
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a.b")]
    [InlineData("a.b.c")]
    [InlineData("a.b.c.d")]
    [InlineData("eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIiwiemlwIjoiREVGIn0.a.b.c.d")]
    [InlineData("not a token")]
    [InlineData("bnVsbA.e30.AA")]
    [InlineData("W10.e30.AA")]
    [InlineData("e30.e30.AA")]
    [InlineData("eyJhbGciOjV9.e30.AA")]
    public async Task What_is_no_signed_token_is_refused_before_any_key_is_used(string token) =>
        await Refused(token, "not a signed JSON web token");

    [Fact]
    public async Task A_header_that_demands_an_extension_is_refused()
    {
        var token = TestTokens.Sign("""{"alg":"HS256","crit":["b64"],"b64":false}""", """{"sub":"u"}""",
            input => HMACSHA256.HashData(Encoding.UTF8.GetBytes(TestTokens.Secret), input));
        await Refused(token, "not a signed JSON web token");
    }

    [Fact]
    public async Task A_token_cannot_claim_the_id_of_the_application() =>
        await Refused(TestTokens.Hs256(new { sub = "$application" }), "application's own");

    [Theory]
    [InlineData(".")]
    [InlineData("..")]
    public async Task A_user_id_that_changes_a_path_is_refused(string sub) => await Refused(TestTokens.Hs256(new { sub }), "neither '.' nor '..'");

    [Theory]
    [InlineData("""{"sub":42}""")]
    [InlineData("""{"sub":0}""")]
    [InlineData("""{"sub":-1.5e3}""")]
    [InlineData("""{"sub":9007199254740993}""")]
    [InlineData("""{"sub":true}""")]
    [InlineData("""{"sub":["42"]}""")]
    [InlineData("""{"sub":{"id":"42"}}""")]
    public async Task A_sub_that_is_no_string_is_refused_in_plain_words(string claims) => await Refused(
        TestTokens.Sign("""{"alg":"HS256"}""", claims, input => HMACSHA256.HashData(Encoding.UTF8.GetBytes(TestTokens.Secret), input)),
        "'sub' must be a string, also where the id is a number");

    [Fact]
    public async Task A_token_longer_than_8_KiB_is_refused() => await Refused(TestTokens.Hs256(new { sub = "u", filler = new string('x', 8192) }), "longer than 8192");

    [Fact]
    public async Task An_altered_or_cut_signature_is_refused()
    {
        var token = TestTokens.Hs256(new { sub = "u" });
        await Refused(token[..^10], "signature");
        await Refused(token[..(token.LastIndexOf('.') + 1)], "");
        var parts = token.Split('.');
        await Refused($"{parts[0]}.{TestTokens.Encode("""{"sub":"admin"}""")}.{parts[2]}", "signature");
    }

    [Fact]
    public async Task An_expired_token_is_refused_once_the_clock_skew_is_over()
    {
        var token = TestTokens.Hs256(new { sub = "u", exp = Now + 60 });
        (await Verify(token)).Identity.ShouldNotBeNull();

        _clock.Advance(TimeSpan.FromSeconds(60) + JwtClaims.ClockSkew - TimeSpan.FromMilliseconds(1001));
        (await Verify(token)).Identity.ShouldNotBeNull();

        _clock.Advance(TimeSpan.FromMilliseconds(1001));
        await Refused(token, "expired");
    }

    [Fact]
    public async Task A_token_that_is_not_valid_yet_is_refused_until_the_clock_skew_before()
    {
        var token = TestTokens.Hs256(new { sub = "u", nbf = Now + 60 });
        await Refused(token, "not valid yet");

        _clock.Advance(TimeSpan.FromSeconds(60) - JwtClaims.ClockSkew);
        (await Verify(token)).Identity.ShouldNotBeNull();
    }

    [Theory]
    [InlineData("""{"sub":"u","exp":"4102444800"}""", "times")]
    [InlineData("""{"sub":"u","exp":null}""", "not valid")]
    [InlineData("""{"sub":"u","exp":[1]}""", "not valid")]
    [InlineData("""{"sub":"u","nbf":true}""", "not valid")]
    [InlineData("""{"sub":"u","exp":-1e308}""", "not valid")]
    [InlineData("""{"sub":"u","exp":0}""", "expired")]
    [InlineData("""{"sub":"u","nbf":1e308}""", "not valid")]
    [InlineData("""{}""", "'sub'")]
    [InlineData("""{"sub":""}""", "'sub'")]
    [InlineData("""{"sub":5}""", "'sub'")]
    [InlineData("""{"sub":null}""", "'sub'")]
    [InlineData("""{"sub":["u"]}""", "must be a string")]
    [InlineData("""{"sub":"a\u0000b"}""", "'sub'")]
    [InlineData("""{"sub":"\ud800"}""", "not valid")]
    [InlineData("""{"sub":"u","name":"\udc00"}""", "not valid")]
    [InlineData("""{"sub":"u","role":5}""", "'role'")]
    [InlineData("""{"sub":"u","role":""}""", "'role'")]
    [InlineData("""{"sub":"u","role":"anonymous"}""", "'role'")]
    [InlineData("""{"sub":"u","role":["user","anonymous"]}""", "'role'")]
    [InlineData("""{"sub":"u","role":["user",7]}""", "'role'")]
    [InlineData("""{"sub":"u","role":{"a":1}}""", "'role'")]
    public async Task A_claim_of_the_wrong_kind_is_refused(string payload, string words) => await Refused(TestTokens.Hs256(payload), words);

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"sub\"")]
    [InlineData("")]
    [InlineData("{\"sub\":\"u\"")]
    public async Task A_payload_that_is_no_object_is_refused(string payload) => (await Verify(TestTokens.Hs256(payload))).Refusal.ShouldNotBeNull();

    [Fact]
    public async Task A_user_id_longer_than_200_bytes_and_too_many_roles_are_refused()
    {
        await Refused(TestTokens.Hs256(new { sub = new string('x', 201) }), "'sub'");
        await Refused(TestTokens.Hs256(new { sub = "u", role = Enumerable.Range(0, 65).Select(i => $"r{i}") }), "'role'");
        await Refused(TestTokens.Hs256(new { sub = "u", role = new string('r', 65) }), "'role'");
    }

    [Fact]
    public async Task Fractional_and_distant_times_are_read()
    {
        (await Verify(TestTokens.Hs256("{\"sub\":\"u\",\"exp\":" + (Now + 60) + ".5}"))).Identity!.ExpiresAt.ShouldBe(((Now + 60) * 1000) + 500);
        (await Verify(TestTokens.Hs256("""{"sub":"u","exp":100000000000,"nbf":-1}"""))).Identity.ShouldNotBeNull();
    }

    [Theory]
    [InlineData("""["editor","admin","editor"]""", "editor", "editor,admin")]
    [InlineData("[]", "user", "user")]
    [InlineData("null", "user", "user")]
    [InlineData("\"publisher\"", "publisher", "publisher")]
    public async Task Roles_are_one_text_or_a_list_whose_first_is_shown(string claim, string shown, string all)
    {
        var identity = (await Verify(TestTokens.Hs256("{\"sub\":\"u\",\"role\":" + claim + "}"))).Identity.ShouldNotBeNull();

        identity.User.Role.ShouldBe(shown);
        identity.Roles.ShouldBe(all.Split(','));
    }

    [Fact]
    public async Task A_long_name_is_cut_between_characters_and_an_unfit_one_gives_way_to_the_id()
    {
        (await Username(new string('n', 100))).ShouldBe(new string('n', 64));
        (await Username(new string('n', 63) + "😀")).ShouldBe(new string('n', 63));
        (await Username("")).ShouldBe("u1");
        (await Username("a\nb")).ShouldBe("u1");
        (await Verify(TestTokens.Hs256("""{"sub":"u1","name":7}"""))).Identity!.User.Username.ShouldBe("u1");
        (await Verify(TestTokens.Hs256(new { sub = new string('s', 200) }))).Identity!.User.Username.ShouldBe(new string('s', 64));
    }

    [Fact]
    public async Task Issuer_and_audience_are_demanded_where_they_are_configured()
    {
        var options = new AuthOptions { Secret = TestTokens.Secret, Issuer = "https://i", Audience = "verb" };

        (await Verify(TestTokens.Hs256(new { sub = "u", iss = "https://i", aud = "verb" }), options)).Identity.ShouldNotBeNull();
        (await Verify(TestTokens.Hs256(new { sub = "u", iss = "https://i", aud = new[] { "other", "verb" } }), options)).Identity.ShouldNotBeNull();
        (await Verify(TestTokens.Hs256(new { sub = "u", iss = "https://evil", aud = "verb" }), options)).Refusal.ShouldBe("The token's issuer is not accepted.");
        (await Verify(TestTokens.Hs256(new { sub = "u", aud = "verb" }), options)).Refusal.ShouldBe("The token's issuer is not accepted.");
        (await Verify(TestTokens.Hs256(new { sub = "u", iss = "https://i", aud = "other" }), options)).Refusal.ShouldBe("The token's audience is not accepted.");
        (await Verify(TestTokens.Hs256(new { sub = "u", iss = "https://i" }), options)).Refusal.ShouldBe("The token's audience is not accepted.");
    }

    [Fact]
    public async Task A_refusal_never_repeats_the_token()
    {
        var verifier = Verifier();
        foreach (var token in new[] { TestTokens.Hs256(new { sub = "SECRETSUB\n" }), TestTokens.Sign("""{"alg":"SECRETALG"}""", "{}", _ => []), "SECRET.SECRET.SECRET" })
            (await verifier.Verify(token, default)).Refusal.ShouldNotBeNull().ShouldNotContain("SECRET");
    }

    [Fact]
    public async Task Random_and_mutated_tokens_always_get_an_answer()
    {
        var verifier = Verifier();
        var random = new Random(20);
        string[] good = [TestTokens.Hs256(new { sub = "u" }), TestTokens.Rs256(new { sub = "u" }, RsaKey), TestTokens.Es256(new { sub = "u" }, EcKey)];
        for (var i = 0; i < 5_000; i++)
        {
            var token = new StringBuilder(random.Next(3) == 0 ? "" : good[random.Next(3)]);
            for (var edit = random.Next(1, 6); edit > 0; edit--)
            {
                var place = random.Next(token.Length + 1);
                var character = random.Next(4) == 0 ? '.' : (char)random.Next(random.Next(2) == 0 ? 128 : 65_536);
                if (place < token.Length && random.Next(2) == 0)
                    token[place] = character;
                else
                    token.Insert(place, character);
            }

            var result = await verifier.Verify(token.ToString(), default);
            (result.Identity is null).ShouldBe(result.Refusal is not null);
        }
    }

    private async Task<string> Username(string name) => (await Verify(TestTokens.Hs256(new { sub = "u1", name }))).Identity!.User.Username;

    private async Task Refused(string token, string words)
    {
        var result = await Verify(token);
        result.Identity.ShouldBeNull();
        result.Refusal.ShouldNotBeNull().ShouldContain(words);
    }

    private ValueTask<TokenResult> Verify(string token, AuthOptions? options = null) => Verifier(options).Verify(token, default);

    private JwtVerifier Verifier(AuthOptions? options = null) =>
        new(options ?? new AuthOptions { Secret = TestTokens.Secret, PublicKeyFile = _keyFile }, _clock);
}

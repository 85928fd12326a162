using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Playwright;
using Verb.Server.Testing.Processes;

namespace Verb.Server.Tests.Browser;

/// <summary>A hub that wants to know who comes.</summary>
[Collection(nameof(BrowserTests))]
public sealed class TokenTests(DemoHub hub) : IDisposable
{
    private const string Secret = "0123456789abcdef0123456789abcdef";

    private readonly ServerFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Whoever_has_no_token_is_led_to_where_it_goes()
    {
        await using var server = await StartAsync();
        await using var ada = await Person.OpenAsync(hub.Browser, server.Address, "Ada", "vault");

        await ada.Expect("banner-title").ToHaveTextAsync("The hub asks for a token.");
        await ExpectShutAsync(ada);
        await GiveAsync(ada, "no.such.token");

        await ada.Expect("banner-title").ToHaveTextAsync("The token is invalid or has expired.");
        await ExpectShutAsync(ada);
        await GiveAsync(ada, Token("ada", "Ada"));

        await ada.Expect("connection").ToHaveAttributeAsync("data-state", "open");
        await ada.Expect("me").ToHaveTextAsync("Ada");
        await ada.Expect("banner").ToBeHiddenAsync();
        await ada.SayAsync("let in");
        await Assertions.Expect(ada.Message("let in")).ToHaveAttributeAsync("data-status", "sent");
    }

    [Fact]
    public async Task Nothing_looks_as_if_it_worked_once_the_hub_has_closed()
    {
        await using var server = await StartAsync("--Verb:Auth:Timeout=500ms");
        await using var ada = await Person.OpenAsync(hub.Browser, server.Address, "Ada", "vault");

        await ada.Expect("connection-text").ToHaveTextAsync("Disconnected");
        await ada.Expect("banner-title").ToHaveTextAsync("The hub asks for a token.");
        await ada.Expect("banner-action").ToHaveTextAsync("Add a token");
        await ExpectShutAsync(ada);
        await ada.Expect("stocks-card").ToBeHiddenAsync();
    }

    [Fact]
    public async Task A_handshake_refused_for_want_of_a_token_is_no_riddle()
    {
        await using var server = await StartAsync("--Verb:Auth:Mode=handshake");
        await using var ada = await Person.OpenAsync(hub.Browser, server.Address, "Ada", "vault");

        await ada.Expect("banner-detail").ToContainTextAsync("It may ask for a token: Settings, Advanced.");
        ada.Forgive("WebSocket connection");
    }

    private Task<ServerProcess> StartAsync(params string[] settings) =>
        ServerProcess.StartAsync(_folder, ["--Verb:Auth:Mode=required", $"--Verb:Auth:Secret={Secret}", "--Verb:Feed:Demo=true", .. settings]);

    private static async Task ExpectShutAsync(Person person)
    {
        await Assertions.Expect(person["composer"]).ToHaveJSPropertyAsync("inert", true);
        await Assertions.Expect(person["join-form"]).ToHaveJSPropertyAsync("inert", true);
        await Assertions.Expect(person["connection"]).ToHaveAttributeAsync("data-state", "closed");
    }

    private static async Task GiveAsync(Person person, string token)
    {
        await person["banner-action"].ClickAsync();
        await person.Expect("token-input").ToBeFocusedAsync();
        await person["token-input"].FillAsync(token);
        await person["settings-save"].ClickAsync();
    }

    private static string Token(string subject, string name)
    {
        var signed = Encode("""{"alg":"HS256","typ":"JWT"}""") + "." + Encode($$"""{"sub":"{{subject}}","name":"{{name}}","exp":4000000000}""");
        return signed + "." + Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes(signed)));
    }

    private static string Encode(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
}

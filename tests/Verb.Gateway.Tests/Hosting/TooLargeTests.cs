using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Verb.Gateway.Auth;
using Verb.Gateway.Handshake;
using Verb.Gateway.Settings;
using Verb.Gateway.Tests.Auth;
using Verb.TestKit.Hosting;

namespace Verb.Gateway.Tests.Hosting;

public sealed class TooLargeTests
{
    [Fact]
    public async Task A_command_beyond_its_limit_is_refused_with_its_id_where_that_stands_in_the_part_that_is_read()
    {
        var heard = new List<int>();
        await using var host = await VerbTestHost.StartAsync(new VerbTestHostOptions
        {
            Routes = app => app.MapVerb("/ws", route => route with
            {
                Limits = route.Limits with { MaxCommandBytes = 1024 },
                Events = new ConnectionEvents { OnMessage = (_, payload, _) => Note(heard, payload.Length) },
            }),
        });
        await using var client = await host.ConnectAsync();
        var text = new string('x', 5000);
        await client.SendAsync($$"""{"id":"7","type":"chat","roomId":"r","message":"{{text}}"}""");
        var reply = await client.ExpectAsync("reply");
        (reply.GetProperty("id").GetString(), Code(reply.GetProperty("error"))).ShouldBe(("7", "PAYLOAD_TOO_LARGE"));
        await client.SendAsync($$"""{"type":"chat","roomId":"r","message":"{{text}}","id":"8"}""");
        var error = await client.ExpectAsync("error");
        (error.GetProperty("command").GetString(), Code(error)).ShouldBe(("chat", "PAYLOAD_TOO_LARGE"));

        (await client.AskAsync("""{"type":"ping"}""")).GetProperty("success").GetBoolean().ShouldBeTrue();
        heard.ShouldHaveSingleItem().ShouldBeLessThan(100); // The ping.
    }

    [Fact]
    public async Task Before_it_is_known_whose_it_is_a_binary_frame_may_be_no_larger_than_a_command()
    {
        await using var host = await VerbTestHost.StartAsync(new VerbTestHostOptions
        {
            Hub = new VerbOptions { Storage = new StorageOptions { Kind = StorageKind.Memory }, Auth = new AuthOptions { Mode = AuthMode.Required, Secret = TestTokens.Secret } },
        });
        await using var client = await host.ConnectAsync();
        var frame = new byte[100_000];
        frame[0] = 9; // Means nothing.
        await client.SendAsync(frame);
        Code(await client.ExpectAsync("error")).ShouldBe("PAYLOAD_TOO_LARGE");

        await client.SendAsync($$"""{"type":"auth","token":"{{TestTokens.Hs256(new { sub = "alice", exp = 4_000_000_000L })}}"}""");
        await client.ExpectAsync("auth_success");
        await client.SendAsync(frame);
        Code(await client.ExpectAsync("error")).ShouldBe("INVALID_MESSAGE");
    }

    private static ValueTask Note(List<int> heard, int bytes)
    {
        heard.Add(bytes);
        return ValueTask.CompletedTask;
    }

    private static string? Code(JsonElement error) => error.GetProperty("code").GetString();
}

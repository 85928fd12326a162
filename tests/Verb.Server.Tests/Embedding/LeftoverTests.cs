using Microsoft.Extensions.DependencyInjection;
using Verb.Gateway.Hosting;
using Verb.Server.Testing;
using Verb.TestKit.Hosting;
using Verb.TestKit.Time;

namespace Verb.Server.Tests.Embedding;

public sealed class LeftoverTests
{
    private const int Clients = 60;

    private readonly ManualClock _clock = new();

    [Fact]
    public async Task Once_everyone_has_gone_and_time_has_passed_no_actor_timer_or_watched_socket_is_left()
    {
        await using var host = await VerbTestHost.StartAsync(new VerbTestHostOptions
        {
            Services = services => services.AddSingleton<TimeProvider>(_clock),
        });
        var hub = host.Services.GetRequiredService<HubHost>();
        var before = Count(hub);
        for (var i = 0; i < Clients; i++)
            await Visit(host, i);

        await Eventually.Be(
            () =>
            {
                _clock.Advance(TimeSpan.FromMinutes(1));
                return Task.FromResult(Count(hub));
            },
            now => now == before);
    }

    /// <summary>Uses a bit of everything, then leaves with a close frame, without one, or in the middle of an upload and a frame.</summary>
    private static async Task Visit(VerbTestHost host, int visitor)
    {
        var client = await host.ConnectAsync();
        var id = (await client.ExpectAsync("connected")).GetProperty("clientId").GetString();
        await client.AskAsync($$"""{"type":"join_room","roomId":"room-{{visitor}}"}""");
        await client.AskAsync($$"""{"type":"chat","roomId":"room-{{visitor}}","message":1}""");
        await client.AskAsync($$"""{"type":"subscribe","topic":"topic-{{visitor}}"}""");
        await client.AskAsync($$"""{"type":"private_message","targetUserId":"{{id}}","message":"to myself"}""");
        await client.AskAsync("""{"type":"inbox_ack","seq":1}""");
        switch (visitor % 3)
        {
            case 0:
                await client.CloseAsync();
                await client.ExpectCloseAsync();
                break;
            case 1:
                await client.DisposeAsync();
                break;
            default:
                (await client.AskAsync("""{"type":"file_start","name":"half.bin","size":70000,"mimeType":"application/octet-stream"}"""))
                    .GetProperty("success").GetBoolean().ShouldBeTrue();
                await client.SendAsync(new byte[4 + 1_000]);
                await client.SendRawAsync(new byte[] { 0x81 });
                client.Cut();
                break;
        }
    }

    private static (int Connections, int Actors, int Timers, int Sockets) Count(HubHost hub) =>
        (hub.Node.Connections.Count, hub.Node.ActorCount, hub.System.Timers.Count, hub.Sweep.Count);
}

using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Verb.Actors.Connections;
using Verb.Actors.Rooms;
using Verb.Gateway.Settings;

namespace Verb.Bench.FanOut;

/// <summary>The hub as a host embeds it, with a room that keeps as little as the plain server does.</summary>
internal static class HubServer
{
    public static async Task Run(string url, bool durable, string folder)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddVerb(new VerbOptions
        {
            Storage = new StorageOptions { Kind = durable ? StorageKind.Sqlite : StorageKind.Memory, Path = Path.Combine(folder, "bench.db") },
            Uploads = new UploadOptions { Path = Path.Combine(folder, "uploads") },
            Rooms = [new RoomPolicy { Match = "*", Durable = durable, Presence = false }],
            Limits = new LimitOptions { CommandsPerSecond = 0, Burst = 0 },
            Socket = new SocketOptions { Compression = CompressionMode.Disabled },
        });
        await using var app = builder.Build();
        app.Urls.Add(url);
        app.MapVerb();
        await app.RunAsync();
    }
}

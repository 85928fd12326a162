using Verb.Gateway.Settings;

namespace Verb.Server;

/// <summary>What a person at the console is told once the server listens.</summary>
internal static class Greeting
{
    public static void Print(WebApplication app, VerbOptions options) => StandardStreams.Print(
    [
        .. app.Urls.Select(url => $"Verb listens on {url}: open it for the demo page; sockets at /ws, health at /health, metrics at /metrics."),
        $"Messages are kept in {Kept(options.Storage)}. Stop with Ctrl-C.",
    ]);

    private static string Kept(StorageOptions storage) => storage.Kind switch
    {
        StorageKind.Memory => "memory alone",
        StorageKind.Postgres => "PostgreSQL",
        _ => Path.GetFullPath(storage.Path),
    };
}

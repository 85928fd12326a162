namespace Verb.Server;

/// <summary>
/// How files are watched: without inotify, of which a host has few instances. The settings are read once; certificates are looked at
/// every few seconds, so that a renewed one is taken.
/// </summary>
internal static class SettingsFiles
{
    private const string Reload = "--hostBuilder:reloadConfigOnChange=false";
    private const string Polling = "DOTNET_USE_POLLING_FILE_WATCHER";

    /// <summary>The arguments of a host that reads its settings once.</summary>
    public static string[] ReadOnce(string[] args)
    {
        if (Environment.GetEnvironmentVariable(Polling) is null)
            Environment.SetEnvironmentVariable(Polling, "1");
        return [.. args, Reload];
    }
}

namespace Verb.Server;

/// <summary>Where the page and <c>appsettings.json</c> are: in the working directory, or else beside the program.</summary>
internal static class ContentRoot
{
    private const string Switch = "--contentRoot";

    /// <summary>The folder beside the program where the working directory has no page and the command line names no other; else null.</summary>
    public static string? Find(string[] args) =>
        Directory.Exists("wwwroot") || args.Any(arg => arg.StartsWith(Switch, StringComparison.OrdinalIgnoreCase)) ? null : AppContext.BaseDirectory;
}

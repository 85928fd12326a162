using System.Reflection;
using System.Security.Cryptography;

namespace Verb.Server;

/// <summary>What the operator is told where the server cannot start, or fails as it ends: one line, and at Debug the trace.</summary>
internal static class Failure
{
    private const string LogLevels = "Logging:LogLevel";

    public static void Tell(Exception failure, IConfiguration configuration)
    {
        StandardStreams.Error(Line(failure, configuration));
        if (IsDebug(configuration))
            StandardStreams.Error(failure.ToString());
    }

    /// <summary>What tells whether the trace is wanted where the settings could not be read.</summary>
    public static IConfiguration Surroundings(string[] args) => new ConfigurationBuilder().AddEnvironmentVariables().AddCommandLine(args).Build();

    /// <summary>What failed, as its outermost exception says it (it knows the file, the key or the address), and the innermost cause.</summary>
    internal static string Line(Exception failure, IConfiguration configuration)
    {
        var chain = Chain(failure).Where(e => e is not (AggregateException or TargetInvocationException or TypeInitializationException)).ToArray();
        var what = chain.Length == 0 ? FirstLine(failure) : FirstLine(chain[0]);
        var cause = chain.Length == 0 ? what : FirstLine(chain[^1]);
        if (chain is [DirectoryNotFoundException] && Path.IsPathRooted(what))
            return $"contentRoot = \"{what}\": must be a folder that is there";
        var line = what.Contains(cause.TrimEnd('.'), StringComparison.OrdinalIgnoreCase) ? what : $"{what} {cause}";
        if (chain.OfType<CryptographicException>().Any())
            return line + Named(configuration, IsCertificate);
        return chain is [InvalidOperationException] && line.Contains("HTTPS", StringComparison.Ordinal) ? line + Named(configuration, IsHttps) : line;
    }

    private static IEnumerable<Exception> Chain(Exception failure)
    {
        for (var e = failure; e is not null; e = e.InnerException)
            yield return e;
    }

    /// <summary>An exception without a message is told by its type.</summary>
    private static string FirstLine(Exception failure) =>
        failure.Message.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) is [var line, ..] ? line : failure.GetType().Name;

    /// <summary>Which settings it can only have been, where the exception does not say.</summary>
    private static string Named(IConfiguration configuration, Func<string, string, bool> fits)
    {
        var settings = configuration.GetSection("Kestrel").AsEnumerable().Append(new(Listening.Urls, configuration[Listening.Urls]))
            .Where(setting => setting.Value is { } value && fits(setting.Key, value))
            .Select(setting => $"{setting.Key} = \"{setting.Value}\"")
            .Order(StringComparer.Ordinal)
            .ToArray();
        return settings.Length == 0 ? "" : $" ({string.Join(", ", settings)})";
    }

    private static bool IsCertificate(string key, string value) =>
        key.Contains("Certificate", StringComparison.OrdinalIgnoreCase) && key.EndsWith("Path", StringComparison.OrdinalIgnoreCase);

    private static bool IsHttps(string key, string value) =>
        (key == Listening.Urls || key.EndsWith("Url", StringComparison.OrdinalIgnoreCase)) && value.Contains("https://", StringComparison.OrdinalIgnoreCase);

    private static bool IsDebug(IConfiguration configuration) =>
        Enum.TryParse<LogLevel>(configuration[$"{LogLevels}:Verb"] ?? configuration[$"{LogLevels}:Default"], ignoreCase: true, out var level)
        && level <= LogLevel.Debug;
}

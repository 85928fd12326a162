using System.Reflection;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging.Console;
using Verb.Gateway.Settings;

namespace Verb.Server;

/// <summary>
/// The settings that are read by ASP.NET Core. A value that it does not take stops the start with the name of the key, which it would not say
/// itself, and so does a key that it would pass over in silence.
/// </summary>
internal static class FrameworkSettings
{
    private static readonly string[] KestrelsOwn = ["Endpoints", "EndpointDefaults", "Certificates"];

    private static readonly string[] ConsolesOwn = ["LogLevel", "FormatterOptions", "FormatterName"];

    private static readonly string[] Formatters = [ConsoleFormatterNames.Simple, ConsoleFormatterNames.Json, ConsoleFormatterNames.Systemd];

    /// <exception cref="VerbSettingsException">A setting is not allowed.</exception>
    public static void Check(IConfiguration configuration)
    {
        var kestrel = configuration.GetSection("Kestrel");
        CheckValues<KestrelServerOptions>(kestrel, KestrelsOwn);
        CheckBuffer(kestrel);
        var logging = configuration.GetSection("Logging");
        var console = logging.GetSection("Console");
        CheckValues<ConsoleLoggerOptions>(console, ConsolesOwn);
        if (console["FormatterName"] is { } formatter && !Formatters.Contains(formatter, StringComparer.OrdinalIgnoreCase))
            throw new VerbSettingsException($"{console.Path}:FormatterName", formatter, $"must be one of {string.Join(", ", Formatters)}");
        foreach (var (key, value) in logging.AsEnumerable().Where(setting => setting.Value is not null))
        {
            if (key.Contains(":LogLevel:", StringComparison.OrdinalIgnoreCase) && !Enum.TryParse<LogLevel>(value, ignoreCase: true, out _))
                throw new VerbSettingsException(key, value, $"must be one of {string.Join(", ", Enum.GetNames<LogLevel>())}");
        }
    }

    /// <summary>Binds each value alone, so that the one that is not taken has a name.</summary>
    private static void CheckValues<TOptions>(IConfigurationSection section, string[] readElsewhere)
        where TOptions : new()
    {
        foreach (var (key, value) in section.AsEnumerable(makePathsRelative: true))
        {
            if (value is null || readElsewhere.Contains(key.Split(':')[0], StringComparer.OrdinalIgnoreCase))
                continue;
            if (!IsKnown(typeof(TOptions), key))
                throw new VerbSettingsException($"{section.Path}:{key}", value, "is not a known key");
            try
            {
                new ConfigurationBuilder().AddInMemoryCollection([new(key, value)]).Build().Bind(new TOptions());
            }
            catch (Exception refusal)
            {
                throw new VerbSettingsException($"{section.Path}:{key}", value, Problem(refusal.GetBaseException()));
            }
        }
    }

    /// <summary>Whether the key leads to a property that can be set.</summary>
    private static bool IsKnown(Type type, string key)
    {
        PropertyInfo? property = null;
        foreach (var name in key.Split(':'))
        {
            property = (property?.PropertyType ?? type).GetProperty(name, BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase);
            if (property is null)
                return false;
        }

        return property!.SetMethod is { IsPublic: true };
    }

    private static string Problem(Exception refusal) => refusal is ArgumentException { ParamName: { } name }
        ? refusal.Message.Split('\n')[0].Replace($" (Parameter '{name}')", "", StringComparison.Ordinal).TrimEnd('.')
        : "cannot be read";

    private static void CheckBuffer(IConfigurationSection kestrel)
    {
        if (kestrel.Get<KestrelServerOptions>()?.Limits is { } limits
            && limits.MaxRequestBufferSize < Math.Max(limits.MaxRequestLineSize, limits.MaxRequestHeadersTotalSize))
        {
            throw new VerbSettingsException(
                $"{kestrel.Path}:Limits:MaxRequestBufferSize", $"{limits.MaxRequestBufferSize}", "must be at least MaxRequestLineSize and MaxRequestHeadersTotalSize");
        }
    }
}

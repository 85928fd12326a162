using System.Reflection;
using Verb.Gateway.Settings;

namespace Verb.Server;

/// <summary>What answers at once; everything else is configuration.</summary>
internal static class CommandLine
{
    /// <summary>Keys with one value, as ASP.NET Core names them.</summary>
    private static readonly string[] Keys =
        ["urls", "http_ports", "https_ports", "environment", "contentRoot", "applicationName", "AllowedHosts"];

    /// <summary>Sections; the keys of <c>Verb</c> are checked when they are read.</summary>
    private static readonly string[] Sections = ["Verb", "Logging", "Kestrel"];

    private const string Prefix = "--";

    private const string Help = """
        Verb, an actor-model real-time hub.

        Usage: Verb.Server [--urls URL[;URL…]] [--Verb:KEY=VALUE …]
               Verb.Server healthcheck [URL]

          --urls http://localhost:3000      where HTTP and WebSocket listen
          --Verb:Auth:Mode=required         who may connect: anonymous, optional, required, handshake
          --Verb:Storage:Kind=memory        where messages are kept: sqlite, postgres, memory
          --Verb:Storage:Path=data/verb.db  the SQLite file
          --Verb:Cluster:Listen=HOST:PORT   makes it a node of a cluster: docs/operations.md
          --Verb:ApiKey=SECRET              what the publishing HTTP routes demand
          --environment Development         open HTTP routes and demo feeds
          --help, --version                 this text, the version
          healthcheck                       asks the server that runs here whether it is ready: exit code 0 or 1

        Every key, its default and what is allowed: docs/operations.md. Keys may also come from appsettings.json
        and from the environment (Verb__Auth__Mode).
        """;

    /// <summary>Prints what a switch asks for; null where the server is to start.</summary>
    public static int? Answer(string[] args)
    {
        if (args.Contains("--help") || args.Contains("-h"))
        {
            Console.WriteLine(Help);
            return 0;
        }

        if (args.Contains("--version"))
        {
            Console.WriteLine(Assembly.GetExecutingAssembly().GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion);
            return 0;
        }

        if (args is [HealthCheck.Word, ..])
            return HealthCheck.Run(args.AsSpan(1), HealthCheck.Environment());

        if (Mistake(args) is { } mistake)
        {
            Console.Error.WriteLine($"{mistake} --help tells what is understood.");
            return 2;
        }

        return null;
    }

    /// <summary>What configuration would pass over in silence: words without a key, keys that are not known, and keys without a value.</summary>
    internal static string? Mistake(string[] args)
    {
        for (var i = 0; i < args.Length; i++)
        {
            if (!args[i].StartsWith(Prefix, StringComparison.Ordinal))
                return $"'{args[i]}' is not understood.";
            var key = args[i].Split('=')[0][Prefix.Length..];
            if (!IsKnown(key))
                return $"'{Prefix}{key}' is not understood{Suggestion(key)}";
            if (args[i].Contains('=', StringComparison.Ordinal))
                continue;
            if (++i == args.Length || args[i].StartsWith(Prefix, StringComparison.Ordinal))
                return $"'{args[i - 1]}' needs a value.";
        }

        return null;
    }

    private static bool IsKnown(string key) => key.Split(':', 2) is [var section, { Length: > 0 }]
        ? Sections.Contains(section, StringComparer.OrdinalIgnoreCase)
        : Keys.Contains(key, StringComparer.OrdinalIgnoreCase);

    private static string Suggestion(string key)
    {
        var parts = key.Split(':', 2);
        if (NearestName.Like(parts[0], [.. Keys, .. Sections]) is not { } name)
            return ".";
        var inside = parts is [_, { Length: > 0 } rest] ? rest : "KEY";
        return $": did you mean {Prefix}{(Sections.Contains(name) ? $"{name}:{inside}" : name)}?";
    }
}

using System.Reflection;

namespace Verb.Server;

/// <summary>What answers at once; everything else is configuration.</summary>
internal static class CommandLine
{
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
            return HealthCheck.Run(args.AsSpan(1), Environment.GetEnvironmentVariable);

        if (Mistake(args) is { } mistake)
        {
            Console.Error.WriteLine($"{mistake}; --help tells what is understood.");
            return 2;
        }

        return null;
    }

    /// <summary>What configuration would pass over in silence: words without a key, and keys without a value.</summary>
    private static string? Mistake(string[] args)
    {
        for (var i = 0; i < args.Length; i++)
        {
            if (!args[i].StartsWith("--", StringComparison.Ordinal))
                return $"'{args[i]}' is not understood";
            if (args[i].Contains('=', StringComparison.Ordinal))
                continue;
            if (++i == args.Length || args[i].StartsWith("--", StringComparison.Ordinal))
                return $"'{args[i - 1]}' needs a value";
        }

        return null;
    }
}

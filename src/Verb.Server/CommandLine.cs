using System.Reflection;

namespace Verb.Server;

/// <summary>The two switches that answer at once; everything else is configuration.</summary>
internal static class CommandLine
{
    private const string Help = """
        Verb, an actor-model real-time hub.

        Usage: Verb.Server [--urls URL[;URL…]] [--Verb:KEY=VALUE …]

          --urls http://localhost:3000      where HTTP and WebSocket listen
          --Verb:Auth:Mode=required         who may connect: anonymous, optional, required, handshake
          --Verb:Storage:Kind=memory        where messages are kept: sqlite, memory
          --Verb:Storage:Path=data/verb.db  the SQLite file
          --Verb:ApiKey=SECRET              what the publishing HTTP routes demand
          --environment Development         open HTTP routes and demo feeds
          --help, --version                 this text, the version

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

        if (args.FirstOrDefault(arg => !arg.StartsWith('-') && !IsValue(args, arg)) is { } stray)
        {
            Console.Error.WriteLine($"'{stray}' is not understood; --help tells what is.");
            return 2;
        }

        return null;
    }

    /// <summary>Whether the argument is the value of the switch before it: <c>--urls http://…</c>.</summary>
    private static bool IsValue(string[] args, string arg)
    {
        var index = Array.IndexOf(args, arg);
        return index > 0 && args[index - 1].StartsWith('-') && !args[index - 1].Contains('=');
    }
}

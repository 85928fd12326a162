using System.Globalization;

namespace Verb.Simulation.Running;

/// <summary>What <c>simulate.sh</c> was asked for.</summary>
/// <param name="Seeds">How many seeds.</param>
/// <param name="From">The first one.</param>
/// <param name="Jobs">How many run side by side.</param>
/// <param name="Trace">Where the trace of each failure goes, after the shortest was found; null: to the output.</param>
internal sealed record SimulateOptions(int Seeds, int From, int Jobs, string? Trace)
{
    public const string Usage = """
        Usage: ./simulate.sh [--seeds N] [--from S] [--jobs J] [--trace FILE]
          --seeds N     how many seeds to run (default 500, 1 to 100000000)
          --from S      the first seed (default 1, 0 to 1000000000)
          --jobs J      how many to run side by side (default: one a processor)
          --trace FILE  where the trace of a failure goes (default: the end of it is printed)
        Ends with 0 if all is well, 1 where a promise was broken, 2 where it was called wrongly.
        """;

    /// <summary>Reads the arguments; where they are wrong, one line says how.</summary>
    public static (SimulateOptions? Options, string? Error) Read(IReadOnlyList<string> arguments)
    {
        var options = new SimulateOptions(500, 1, Environment.ProcessorCount, null);
        for (var i = 0; i < arguments.Count; i += 2)
        {
            var name = arguments[i];
            if (name is not ("--seeds" or "--from" or "--jobs" or "--trace"))
                return (null, $"'{name}' is not known.");
            if (i + 1 == arguments.Count)
                return (null, $"'{name}' needs a value.");
            var value = arguments[i + 1];
            if (name == "--trace")
            {
                options = options with { Trace = value };
                continue;
            }

            var (least, most) = name switch { "--seeds" => (1, 100_000_000), "--from" => (0, 1_000_000_000), _ => (1, 1_000) };
            if (!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < least || number > most)
                return (null, $"'{name} {value}': a whole number from {least} to {most} is needed.");
            options = name switch
            {
                "--seeds" => options with { Seeds = number },
                "--from" => options with { From = number },
                _ => options with { Jobs = number },
            };
        }

        return (options, null);
    }
}

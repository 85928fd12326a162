using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Verb.Server.Testing.Processes;

namespace Verb.Server.Tests.Scripts;

/// <summary><c>./cluster.sh</c> as a person starts it, without the build. Always ended with the test.</summary>
internal sealed partial class RunningScript : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Process _process;

    private RunningScript(string[] arguments)
    {
        _process = Begin(arguments);
        _process.OutputDataReceived += (_, line) => Output.Add(line.Data);
        _process.ErrorDataReceived += (_, line) => Errors.Add(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public ServerOutput Output { get; } = new();

    public ServerOutput Errors { get; } = new();

    /// <summary>Where each node is, and its process.</summary>
    public IReadOnlyList<(Uri Address, int Process)> Nodes { get; private set; } = [];

    /// <summary>The database's process.</summary>
    public int Database { get; private set; }

    /// <summary>Where it keeps everything.</summary>
    public string Folder { get; private set; } = "";

    /// <summary>Starts it and waits until it says what to try.</summary>
    public static async Task<RunningScript> StartAsync(params string[] arguments)
    {
        var script = new RunningScript([.. arguments, "--no-build"]);
        try
        {
            await script.Output.Line(line => line.StartsWith("Try this", StringComparison.Ordinal)).WaitAsync(Patience);
            script.Read(script.Output.ToString());
            return script;
        }
        catch (Exception e)
        {
            await script.DisposeAsync();
            throw new InvalidOperationException($"The cluster did not start.\n{script.Output}\n{script.Errors}", e);
        }
    }

    /// <summary>Runs it to its end.</summary>
    public static async Task<(int Code, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        using var process = Begin(arguments);
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(Patience);
        return (process.ExitCode, await output, await errors);
    }

    public void Send(Signal signal) => _process.Send(signal);

    public async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Patience);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            Send(Signal.Terminate);
            await ExitAsync();
        }

        _process.Dispose();
    }

    /// <summary>Where the surroundings ignore SIGINT (a background job of a shell), the script could not hear it, either.</summary>
    private static Process Begin(string[] arguments) =>
        Process.Start(new ProcessStartInfo("/usr/bin/env", ["--default-signal=INT", Script(), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;

    private void Read(string output)
    {
        Nodes = [.. NodeLine().Matches(output).Select(line => (new Uri(line.Groups[1].Value), int.Parse(line.Groups[2].Value, CultureInfo.InvariantCulture)))];
        Database = int.Parse(DatabaseLine().Match(output).Groups[1].Value, CultureInfo.InvariantCulture);
        Folder = Path.GetDirectoryName(LogsLine().Match(output).Groups[1].Value)!;
    }

    private static string Script([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "cluster.sh"));

    [GeneratedRegex(@"^ +node-\d +(http\S+) +pid (\d+)$", RegexOptions.Multiline)]
    private static partial Regex NodeLine();

    [GeneratedRegex(@"^ +PostgreSQL .* pid (\d+)$", RegexOptions.Multiline)]
    private static partial Regex DatabaseLine();

    [GeneratedRegex(@"^ +logs in +(\S+)$", RegexOptions.Multiline)]
    private static partial Regex LogsLine();
}

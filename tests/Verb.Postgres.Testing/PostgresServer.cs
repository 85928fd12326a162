using System.Diagnostics;
using Npgsql;

namespace Verb.Postgres.Testing;

/// <summary>A private PostgreSQL server in a folder of its own on a free port of 127.0.0.1; stopped and removed when disposed.</summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private const string Binaries = "/usr/lib/postgresql/15/bin";

    private readonly string _folder;
    private Process? _process;

    private PostgresServer(string folder, int port) => (_folder, Port) = (folder, port);

    /// <summary>Where it listens.</summary>
    public int Port { get; }

    /// <summary>The connection string of a database of it.</summary>
    public string ConnectionString(string database = "postgres") => $"Host=127.0.0.1;Port={Port};Username=verb;Database={database}";

    /// <summary>Makes the files and starts the server; completes once it takes connections.</summary>
    /// <param name="settings">Further settings, such as <c>fsync=off</c>.</param>
    public static async Task<PostgresServer> Start(params string[] settings)
    {
        var folder = Directory.CreateTempSubdirectory("verb-postgres").FullName;
        if (IsRoot)
            await Run("chown", ["postgres", folder]);
        var server = new PostgresServer(folder, FreePort.Next());
        await Run([$"{Binaries}/initdb", "-D", server.Data, "-U", "verb", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C"]);
        await server.Restart(settings);
        return server;
    }

    /// <summary>Starts it, again after <see cref="Kill"/> or <see cref="Stop"/>; completes once it takes connections.</summary>
    public async Task Restart(params string[] settings)
    {
        string[] options = [.. settings.SelectMany(setting => new[] { "-c", setting })];
        _process = Begin([$"{Binaries}/postgres", "-D", Data, "-p", $"{Port}", "-c", "listen_addresses=127.0.0.1",
            "-c", "unix_socket_directories=", "-c", "max_connections=200", .. options]);
        while (true)
        {
            if (_process.HasExited)
                throw new InvalidOperationException($"PostgreSQL did not start in {_folder}.");
            try
            {
                await using var connection = new NpgsqlConnection(ConnectionString() + ";Pooling=false;Timeout=2");
                await connection.OpenAsync();
                return;
            }
            catch (NpgsqlException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20));
            }
        }
    }

    /// <summary>Makes an empty database and returns its connection string.</summary>
    public async Task<string> CreateDatabase()
    {
        var name = $"verb_{Guid.NewGuid():n}";
        await Execute($"CREATE DATABASE {name}");
        return ConnectionString(name);
    }

    /// <summary>Runs a statement in the server's own database.</summary>
    public async Task Execute(string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString() + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Kills it with SIGKILL, all its processes.</summary>
    public Task Kill() => Signal("KILL");

    /// <summary>Stops it at once, in order: connections are cut.</summary>
    public Task Stop() => Signal("INT");

    /// <summary>Stops it and starts it as a standby that follows nobody: it reads, and writes nothing.</summary>
    public async Task RestartAsStandby()
    {
        await Stop();
        await Run("touch", [Path.Combine(Data, "standby.signal")]);
        await Restart();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Signal("INT");
        await Run("rm", ["-rf", _folder]);
    }

    private string Data => Path.Combine(_folder, "data");

    private static bool IsRoot => Environment.UserName == "root";

    /// <summary>The postmaster's pid stands in a file; the process started may be the wrapper that changed the user.</summary>
    private async Task Signal(string signal)
    {
        if (_process is null or { HasExited: true })
            return;
        var pid = (await File.ReadAllLinesAsync(Path.Combine(Data, "postmaster.pid")))[0];
        if (signal == "KILL")
            await Run("pkill", ["-KILL", "-P", pid], mayFail: true);
        await Run("kill", [$"-{signal}", pid], mayFail: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        _process = null;
        if (signal == "KILL")
            File.Delete(Path.Combine(Data, "postmaster.pid"));
    }

    private static Task Run(string[] command) => IsRoot ? Run("runuser", ["-u", "postgres", "--", .. command]) : Run(command[0], command[1..]);

    private static Process Begin(string[] command) => IsRoot ? Begin("runuser", ["-u", "postgres", "--", .. command]) : Begin(command[0], command[1..]);

    private static async Task Run(string file, string[] arguments, bool mayFail = false)
    {
        using var process = Begin(file, arguments);
        await process.WaitForExitAsync();
        if (process.ExitCode != 0 && !mayFail)
            throw new InvalidOperationException($"{file} {string.Join(' ', arguments)} ended with {process.ExitCode}.");
    }

    private static Process Begin(string file, string[] arguments)
    {
        var process = Process.Start(new ProcessStartInfo(file, arguments)
        {
            WorkingDirectory = "/",
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }
}

using Npgsql;

namespace Verb.Storage.Postgres;

/// <summary>What every connection is given, whatever the server's, the database's or the user's defaults are.</summary>
internal static class PostgresSession
{
    private const int ConnectSeconds = 5;
    private const int CommandSeconds = 10;
    private const int PreparedStatements = 32;

    /// <summary>Given as the connection starts, so that returning it to the pool does not undo them.</summary>
    private const string Parameters = "-c synchronous_commit=on -c default_transaction_isolation=read\\ committed";

    /// <exception cref="ArgumentException">The connection string does not parse.</exception>
    public static NpgsqlConnectionStringBuilder Settings(PostgresOptions options)
    {
        var given = new NpgsqlConnectionStringBuilder(options.ConnectionString);
        var settings = new NpgsqlConnectionStringBuilder(options.ConnectionString)
        {
            ApplicationName = given.ApplicationName ?? options.ApplicationName,
            Options = given.Options is { Length: > 0 } own ? $"{own} {Parameters}" : Parameters,
            Enlist = false,
            IncludeErrorDetail = false,
            MaxAutoPrepare = Math.Max(given.MaxAutoPrepare, PreparedStatements),
            AutoPrepareMinUsages = 2,
        };
        if (!given.ShouldSerialize("Timeout"))
            settings.Timeout = ConnectSeconds;
        if (!given.ShouldSerialize("Command Timeout"))
            settings.CommandTimeout = CommandSeconds;
        return settings;
    }
}

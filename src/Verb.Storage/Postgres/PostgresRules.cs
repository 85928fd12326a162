using System.Globalization;
using Npgsql;
using Verb.Actors.Durability;

namespace Verb.Storage.Postgres;

/// <summary>Which servers are taken: those that keep what they acknowledge.</summary>
internal static class PostgresRules
{
    /// <summary>The first whose <c>pg_terminate_backend</c> waits for the end.</summary>
    private const int LeastVersion = 14;

    /// <summary>Refuses the server with the one thing that is wrong and what to do about it.</summary>
    public static async Task Check(NpgsqlConnection connection, PostgresOptions options, string name, CancellationToken cancellation)
    {
        var version = connection.PostgreSqlVersion.Major;
        if (version < LeastVersion)
            throw Refused(StorageFault.Device, $"runs PostgreSQL {version}: {LeastVersion} or newer is needed.");
        if (await Setting("server_encoding") is var encoding and not "UTF8")
            throw Refused(StorageFault.Device, $"has the encoding {encoding}: make it again with ENCODING 'UTF8'.");
        if (await Ask("SELECT pg_is_in_recovery()::text") == "true")
            throw Refused(StorageFault.ReadOnly, "is on a standby server: connect to the primary, for instance with Target Session Attributes=primary.");
        if (await Setting("transaction_read_only") == "on")
            throw Refused(StorageFault.ReadOnly, "is read-only (default_transaction_read_only is on): turn it off for this user and database.");
        if (options.AllowUnsafe)
            return;
        foreach (var setting in (string[])["fsync", "full_page_writes"])
        {
            if (await Setting(setting) == "off")
                throw Refused(StorageFault.Device, $"is on a server with {setting} off, which loses messages when it crashes: turn it on, or set Verb:Storage:AllowUnsafe.");
        }

        StorageException Refused(StorageFault fault, string what) => new(fault, $"{name} {what}");

        Task<string> Setting(string setting) => Ask($"SELECT current_setting('{setting}')");

        async Task<string> Ask(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            return Convert.ToString(await command.ExecuteScalarAsync(cancellation), CultureInfo.InvariantCulture)!;
        }
    }
}

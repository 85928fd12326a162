using Npgsql;
using Verb.Actors.Durability;

namespace Verb.Cluster.Directory;

/// <summary>What PostgreSQL's failures mean to the operator, in one line.</summary>
internal static class DirectoryFailure
{
    /// <summary>The failure of a call to the database named.</summary>
    public static StorageException From(NpgsqlException exception, string database)
    {
        var (fault, meaning) = exception switch
        {
            PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction } => (StorageFault.ReadOnly, "is read-only"),
            PostgresException { SqlState: PostgresErrorCodes.UndefinedTable } => (StorageFault.Damaged, "lacks the cluster's tables"),
            PostgresException { SqlState: PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.QueryCanceled } =>
                (StorageFault.Overloaded, "did not answer in time"),
            PostgresException => (StorageFault.Device, "does not work"),
            { InnerException: TimeoutException } => (StorageFault.Overloaded, "did not answer in time"),
            _ => (StorageFault.Device, "cannot be reached"),
        };
        var detail = exception is PostgresException { SqlState: var state, MessageText: var text } ? $"{state}: {text}" : exception.Message;
        return new StorageException(fault, $"The database '{database}' {meaning} ({detail.ReplaceLineEndings(" ")}).", exception);
    }

    /// <summary>Host, port and name, as an operator would say it; never the password.</summary>
    public static string Name(NpgsqlConnectionStringBuilder settings) => $"{settings.Host}:{settings.Port}/{settings.Database}";
}

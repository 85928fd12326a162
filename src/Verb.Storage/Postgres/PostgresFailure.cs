using System.Net.Sockets;
using Npgsql;
using Verb.Actors.Durability;

namespace Verb.Storage.Postgres;

/// <summary>What PostgreSQL's failures mean to the operator.</summary>
internal static class PostgresFailure
{
    /// <summary>Whether this is the database's failure, or the way to it, rather than a bug.</summary>
    public static bool IsOne(Exception cause) => cause is NpgsqlException or TimeoutException or SocketException or (IOException and not StorageException);

    /// <summary>One line that names the database; <paramref name="name"/> never holds a password.</summary>
    public static StorageException From(Exception cause, string name)
    {
        if (cause is PostgresException failure)
        {
            var (fault, meaning) = Meaning(failure);
            return new StorageException(fault, $"{name} {meaning} (PostgreSQL {failure.SqlState}: {OneLine(failure.MessageText)}).", cause);
        }

        var reason = cause.InnerException is { } inner && cause is NpgsqlException ? inner.Message : cause.Message;
        return new StorageException(
            StorageFault.Device, $"{name} cannot be reached or does not answer: check that the server runs there ({OneLine(reason)}).", cause);
    }

    private static (StorageFault Fault, string Meaning) Meaning(PostgresException failure) => failure.SqlState switch
    {
        PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification =>
            (StorageFault.ReadOnly, "does not take this user and password: check the connection string and pg_hba.conf"),
        PostgresErrorCodes.InvalidCatalogName => (StorageFault.ReadOnly, "is not there: make it with CREATE DATABASE"),
        PostgresErrorCodes.InsufficientPrivilege =>
            (StorageFault.ReadOnly, "does not let this user do what is needed: make the user the owner of the database"),
        PostgresErrorCodes.ReadOnlySqlTransaction => (StorageFault.ReadOnly, "is read-only: connect to the primary server"),
        PostgresErrorCodes.DiskFull => (StorageFault.Full, "is on a full disk: nothing more is stored until there is space"),
        PostgresErrorCodes.TooManyConnections =>
            (StorageFault.Overloaded, "takes no more connections: raise max_connections or lower Maximum Pool Size"),
        PostgresErrorCodes.OutOfMemory or PostgresErrorCodes.InsufficientResources or PostgresErrorCodes.ConfigurationLimitExceeded =>
            (StorageFault.Overloaded, "is out of resources"),
        PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.LockNotAvailable =>
            (StorageFault.Locked, "is locked by another program"),
        PostgresErrorCodes.QueryCanceled => (StorageFault.Overloaded, "did not answer in time"),
        PostgresErrorCodes.DataCorrupted or PostgresErrorCodes.IndexCorrupted =>
            (StorageFault.Damaged, "is damaged: restore a back-up and start once with --Verb:Storage:NewEpochs=true"),
        PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedColumn =>
            (StorageFault.Damaged, "lacks a part of Verb's tables: restore a back-up"),
        PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow =>
            (StorageFault.Device, "is stopping or starting"),
        _ => (StorageFault.Device, "does not work"),
    };

    private static string OneLine(string text) => text.ReplaceLineEndings(" ").TrimEnd('.', ' ');
}

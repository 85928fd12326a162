using Npgsql;
using Verb.Actors.Durability;
using Verb.Actors.Files;
using Verb.Contracts;
using Verb.Storage.Files;

namespace Verb.Storage.Postgres;

/// <summary>Uploaded files in a database that nodes share, in blocks; the quota holds for all nodes together.</summary>
internal sealed class PostgresFileStore(PostgresDatabase database, FileStoreOptions options) : IFileStore
{
    public async ValueTask<FileBegin> Begin(FileUpload upload, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (FileName.Refusal(upload.Name) is { } refusal)
            return new FileBegin.Refused(FileRefusal.Name, refusal);
        if (FileSpace.Refusal(upload.Size, options) is { } refused)
            return refused;
        var id = FileId.New();
        var taken = await Ask(
            FileRows.Begin,
            command => command
                .With(id).With(upload.Name).With(upload.Size).With(MediaType.Clean(upload.MimeType)).With(upload.Owner.Value)
                .With(upload.Room?.Value).With(options.Quota).With((long)options.MaxFiles),
            cancellation);
        return taken ? new FileBegin.Accepted(new PostgresFileWriter(this, id, upload)) : FileSpace.None;
    }

    public async ValueTask<FileContent?> Open(string id, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (!FileId.IsValid(id))
            return null;
        var file = await database.Run(
            async connection =>
            {
                await using var command = new NpgsqlCommand(FileRows.Find, connection);
                await using var reader = await command.With(id).ExecuteReaderAsync(cancellation);
                if (!await reader.ReadAsync(cancellation))
                    return null;
                RoomId? room = await reader.IsDBNullAsync(5, cancellation) ? null : new RoomId(reader.GetString(5));
                return new StoredFile(
                    id, reader.GetString(0), reader.GetInt64(1), reader.GetString(2), reader.GetString(3),
                    new UserId(reader.GetString(4)), room, reader.GetInt64(6));
            },
            cancellation);
        return file is null ? null : new FileContent(file, new PostgresFileStream(this, id, file.Size));
    }

    public async ValueTask Delete(string id, CancellationToken cancellation)
    {
        if (!FileId.IsValid(id))
            return;
        await database.Run(
            async connection =>
            {
                await using var command = new NpgsqlCommand(FileRows.Forget, connection);
                return await command.With(id).ExecuteNonQueryAsync(cancellation);
            },
            cancellation);
    }

    /// <summary>Writes a block, again where it was written before.</summary>
    public async ValueTask Put(string id, int number, ReadOnlyMemory<byte> body, CancellationToken cancellation)
    {
        if (!await Ask(FileRows.Put, command => command.With(id).With(number).With(body), cancellation))
            throw GivenUp(id);
    }

    /// <summary>Reads a block whole.</summary>
    /// <exception cref="StorageException">It is not there, or is not so long.</exception>
    public async ValueTask<byte[]> Get(string id, int number, int length, CancellationToken cancellation)
    {
        var body = await database.Run(
            async connection =>
            {
                await using var command = new NpgsqlCommand(FileRows.Get, connection);
                return (byte[]?)await command.With(id).With(number).ExecuteScalarAsync(cancellation);
            },
            cancellation);
        return body?.Length == length
            ? body
            : throw new StorageException(StorageFault.Damaged, $"{database.Name} lacks block {number} of the uploaded file '{id}'.");
    }

    /// <summary>Makes a file whose blocks are all there a stored one.</summary>
    public async ValueTask<StoredFile> Store(string id, FileUpload upload, string sha256, CancellationToken cancellation)
    {
        var timestamp = database.Clock.GetUtcNow().ToUnixTimeMilliseconds();
        if (!await Ask(FileRows.Store, command => command.With(id).With(sha256).With(timestamp), cancellation))
            throw GivenUp(id);
        return new StoredFile(
            id, upload.Name, upload.Size, MediaType.Clean(upload.MimeType), sha256, upload.Owner, upload.Room, timestamp);
    }

    /// <summary>Leaves nothing of a file that did not become one.</summary>
    public async ValueTask Forget(string id)
    {
        try
        {
            await Delete(id, CancellationToken.None);
        }
        catch (StorageException)
        {
            // Purged later; until then it takes space.
        }
    }

    private Task<bool> Ask(string sql, Action<NpgsqlCommand> parameters, CancellationToken cancellation) => database.Run(
        async connection =>
        {
            await using var command = new NpgsqlCommand(sql, connection);
            parameters(command);
            return (bool)(await command.ExecuteScalarAsync(cancellation))!;
        },
        cancellation);

    private StorageException GivenUp(string id) =>
        new(StorageFault.Closed, $"{database.Name} no longer takes the uploaded file '{id}': nothing of it came for an hour.");
}

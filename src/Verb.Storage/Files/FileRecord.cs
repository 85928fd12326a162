using System.Text.Json;
using System.Text.Json.Serialization;
using Verb.Actors.Files;
using Verb.Contracts;

namespace Verb.Storage.Files;

/// <summary>What stands beside a file's content on the disk.</summary>
internal sealed record FileRecord(
    string Id, string Name, long Size, string MimeType, string Sha256, string Owner, string? Room, long Timestamp)
{
    public static byte[] Write(StoredFile file) => JsonSerializer.SerializeToUtf8Bytes(
        new FileRecord(
            file.Id, file.Name, file.Size, file.MimeType, file.Sha256, file.Owner.Value, file.Room?.Value, file.Timestamp),
        FileRecordContext.Default.FileRecord);

    /// <exception cref="JsonException">It is damaged.</exception>
    public static StoredFile Read(ReadOnlySpan<byte> json)
    {
        var record = JsonSerializer.Deserialize(json, FileRecordContext.Default.FileRecord) ?? throw new JsonException();
        if (!UserId.TryParse(record.Owner, out var owner) || record is { Name: null } or { MimeType: null } or { Sha256: null })
            throw new JsonException();
        RoomId? room = record.Room is null ? null : RoomId.TryParse(record.Room, out var id) ? id : throw new JsonException();
        return new StoredFile(
            record.Id, record.Name, record.Size, record.MimeType, record.Sha256, owner, room, record.Timestamp);
    }
}

/// <summary>Generated reading and writing of <see cref="FileRecord"/>.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(FileRecord))]
internal sealed partial class FileRecordContext : JsonSerializerContext;

using System.Text;
using Verb.Actors.Durability;
using Verb.Actors.Files;
using Verb.Contracts;

namespace Verb.Gateway.Tests.Files;

/// <summary>A store of files that are there from the start.</summary>
internal sealed class FewFiles : IFileStore
{
    private readonly Dictionary<string, (StoredFile File, byte[] Bytes)> _files = [];

    public bool IsBroken { get; set; }

    public void Add(string id, string text, string? room = null, string name = "notes.txt", string type = "text/plain") => _files[id] = (
        new StoredFile(id, name, text.Length, type, new string('a', 64), new UserId("ann"), room is null ? null : new RoomId(room), 1_790_000_000_000),
        Encoding.UTF8.GetBytes(text));

    public ValueTask<FileBegin> Begin(FileUpload upload, CancellationToken cancellation) => throw new NotSupportedException();

    public ValueTask Delete(string id, CancellationToken cancellation) => throw new NotSupportedException();

    public ValueTask<FileContent?> Open(string id, CancellationToken cancellation)
    {
        if (IsBroken)
            throw new StorageException(StorageFault.Damaged, "The folder is gone.");
        return ValueTask.FromResult(_files.TryGetValue(id, out var found) ? new FileContent(found.File, new MemoryStream(found.Bytes)) : null);
    }
}

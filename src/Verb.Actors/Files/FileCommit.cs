namespace Verb.Actors.Files;

/// <summary>The answer to a file's end.</summary>
public abstract record FileCommit
{
    private FileCommit()
    {
    }

    /// <summary>The file is stored and survives a crash.</summary>
    /// <param name="File">What it is stored as.</param>
    public sealed record Stored(StoredFile File) : FileCommit;

    /// <summary>Bytes are missing. The writer stays open for them.</summary>
    /// <param name="Offset">Where the first missing byte belongs; divided by the chunk size it names the chunk.</param>
    public sealed record Incomplete(long Offset) : FileCommit;
}

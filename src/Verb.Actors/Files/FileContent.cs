namespace Verb.Actors.Files;

/// <summary>A stored file opened for reading; disposing it closes the stream.</summary>
/// <param name="File">What it is.</param>
/// <param name="Stream">Its bytes from the start; can seek.</param>
public sealed record FileContent(StoredFile File, Stream Stream) : IAsyncDisposable
{
    /// <summary>Closes the stream.</summary>
    public ValueTask DisposeAsync() => Stream.DisposeAsync();
}

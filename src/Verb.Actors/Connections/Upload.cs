using Verb.Actors.Files;
using Verb.Contracts;

namespace Verb.Actors.Connections;

/// <summary>A connection's open upload: its writer takes one chunk at a time, the others wait here.</summary>
internal sealed class Upload(IFileWriter writer, Command.FileStart start, int chunkSize)
{
    /// <summary>A chunk's index, big-endian, stands before its bytes.</summary>
    public const int HeaderSize = 4;

    /// <summary>The index has 24 bits: the first byte of a chunk's frame is 0.</summary>
    public const int MaxChunks = 1 << 24;

    private const int LargestChunk = 64 * 1024;

    private const int MaxWaitingChunks = 8;

    public IFileWriter Writer { get; } = writer;

    public Command.FileStart Start { get; } = start;

    /// <summary>The bytes of every chunk but the last.</summary>
    public int ChunkSize { get; } = chunkSize;

    public Queue<(long Offset, ReadOnlyMemory<byte> Bytes)> Chunks { get; } = new();

    /// <summary>Whether a chunk is being written.</summary>
    public bool IsWriting { get; set; }

    /// <summary>The write or commit under way, or the last one.</summary>
    public Task Writing { get; private set; } = Task.CompletedTask;

    /// <summary>Whether the client has said that this was all.</summary>
    public bool IsEnding { get; set; }

    /// <summary>The commands that asked for the end: who hears nothing for long asks again.</summary>
    public List<long> Ends { get; } = [];

    /// <summary>Whether so many chunks wait that the reader should.</summary>
    public bool IsBehind => Chunks.Count >= MaxWaitingChunks;

    /// <summary>The bytes of a chunk that fits with its header into one message.</summary>
    public static int ChunkSizeOf(LimitOptions limits) => Math.Min(LargestChunk, limits.MaxMessageBytes - HeaderSize);

    /// <summary>Remembers a call to the writer, so that the next one waits for it.</summary>
    public ValueTask<T> Track<T>(ValueTask<T> call)
    {
        var task = call.AsTask();
        Writing = task;
        return new ValueTask<T>(task);
    }

    /// <summary>Ends the writer once it is idle; what was not committed leaves nothing behind.</summary>
    public async ValueTask<bool> Abandon()
    {
        await Writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        await Writer.DisposeAsync();
        return true;
    }
}

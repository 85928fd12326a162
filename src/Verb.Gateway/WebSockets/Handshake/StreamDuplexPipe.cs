using System.IO.Pipelines;

namespace Verb.Gateway.WebSockets.Handshake;

/// <summary>A pipe over a stream, where the transport has none of its own. A waiting read holds no buffer.</summary>
internal sealed class StreamDuplexPipe(Stream stream) : IDuplexPipe, IDisposable
{
    public PipeReader Input { get; } = PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true, useZeroByteReads: true));

    public PipeWriter Output { get; } = PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true));

    public void Dispose()
    {
        Input.Complete();
        // Completing without an exception would flush, and there may be nobody left to take it.
        Output.Complete(new IOException("The connection has ended."));
    }
}

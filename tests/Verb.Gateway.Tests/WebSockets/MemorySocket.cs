using System.Buffers;
using System.IO.Pipelines;
using Verb.Gateway.WebSockets;
using Verb.Gateway.WebSockets.Deflate;
using Verb.TestKit.Time;

namespace Verb.Gateway.Tests.WebSockets;

/// <summary>A connection on two pipes in memory; what is sent is read at once, on the sender's thread.</summary>
internal sealed class MemorySocket : IDuplexPipe, IDisposable
{
    private static readonly PipeOptions Inline = new(
        readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline, pauseWriterThreshold: 0, useSynchronizationContext: false);

    private readonly Pipe _toServer = new(Inline);
    private readonly Pipe _toClient;
    private readonly CancellationTokenSource _finished = new();

    public MemorySocket(WebSocketProtocolOptions? options = null, DeflateSession? deflate = null, int sendThreshold = 0, ArrayPool<byte>? pool = null)
    {
        // What the connection awaits goes on at once, not when the test runner's context gets to it.
        SynchronizationContext.SetSynchronizationContext(null);
        _toClient = new Pipe(new PipeOptions(
            readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline, pauseWriterThreshold: sendThreshold,
            resumeWriterThreshold: sendThreshold / 2, useSynchronizationContext: false));
        Sweep = new DeadlineSweep(Clock);
        var transport = new WebSocketTransport(this, Abort) { HalfClose = () => HalfClosed = true, InputEnded = _finished.Token };
        Connection = new WebSocketConnection(transport, options ?? new WebSocketProtocolOptions(), deflate, Sweep, pool ?? Pool);
    }

    public PipeReader Input => _toServer.Reader;

    public PipeWriter Output => _toClient.Writer;

    public CountingPool Pool { get; } = new();

    public ManualClock Clock { get; } = new();

    public DeadlineSweep Sweep { get; }

    public WebSocketConnection Connection { get; }

    public bool Aborted { get; private set; }

    public bool HalfClosed { get; private set; }

    public async Task SendAsync(ReadOnlyMemory<byte> bytes, int chunk = int.MaxValue)
    {
        while (!bytes.IsEmpty)
        {
            var size = Math.Min(chunk, bytes.Length);
            if ((await _toServer.Writer.WriteAsync(bytes[..size])).IsCompleted)
                return;
            bytes = bytes[size..];
        }
    }

    /// <summary>Like <see cref="SendAsync(ReadOnlyMemory{byte}, int)"/> in one piece, without a task of its own.</summary>
    public ValueTask<FlushResult> SendNow(ReadOnlyMemory<byte> bytes) => _toServer.Writer.WriteAsync(bytes);

    public Task SendAsync(params ClientFrame[] frames) => SendAsync(frames.SelectMany(f => f.ToBytes()).ToArray());

    /// <summary>The client's FIN.</summary>
    public void Finish()
    {
        _toServer.Writer.Complete();
        _finished.Cancel();
    }

    /// <summary>The client's reset.</summary>
    public void Reset()
    {
        _toServer.Writer.Complete(new IOException("reset"));
        _toClient.Reader.Complete();
        _finished.Cancel();
    }

    // Not through the context of the test runner: what the clock or the peer brings about has happened when their call returns.
    public async Task<Received> ReceiveAsync() => new(await Connection.ReceiveAsync().ConfigureAwait(false));

    /// <summary>What the connection sent since the last call.</summary>
    public List<ServerFrame> Sent()
    {
        if (!_toClient.Reader.TryRead(out var read))
            return [];

        var frames = ServerFrame.ReadAll(read.Buffer.ToArray());
        _toClient.Reader.AdvanceTo(read.Buffer.End);
        return frames;
    }

    /// <summary>Takes what the connection sent and looks at none of it.</summary>
    public void Drop()
    {
        if (_toClient.Reader.TryRead(out var read))
            _toClient.Reader.AdvanceTo(read.Buffer.End);
    }

    public void Dispose()
    {
        Connection.Dispose();
        Sweep.Dispose();
        _finished.Dispose();
        Pool.Outstanding.ShouldBe(0, "every rented buffer was returned");
    }

    private void Abort()
    {
        Aborted = true;
        Reset();
    }
}

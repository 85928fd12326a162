using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace Verb.TestKit.Hosting;

/// <summary>
/// A WebSocket client over a raw TCP socket, cheap enough for thousands in a process. It reads only while a receive is awaited: a client
/// that is not asked has stalled, and TCP holds the hub back. One receive at a time; sends may come from anywhere.
/// </summary>
public sealed class SocketClient : IAsyncDisposable
{
    private readonly Socket _socket;
    private readonly SocketClientOptions _options;
    private readonly ServerFrames _frames = new();
    private readonly SemaphoreSlim _sending = new(1, 1);
    private readonly CancellationTokenSource _disposed = new();
    private CancellationTokenSource _deadline = new();
    private bool _closeSent;

    private SocketClient(Socket socket, SocketClientOptions options) => (_socket, _options) = (socket, options);

    /// <summary>The subprotocol that the server selected; null: none.</summary>
    public string? Subprotocol => ResponseHeaders.GetValueOrDefault("Sec-WebSocket-Protocol");

    /// <summary>The headers of the 101.</summary>
    public IReadOnlyDictionary<string, string> ResponseHeaders { get; private set; } = new Dictionary<string, string>();

    /// <summary>Connects to <c>ws://…</c> and completes the handshake.</summary>
    /// <exception cref="HandshakeRefusedException">The server answered with something else than 101.</exception>
    /// <exception cref="SocketException">Nobody listens there.</exception>
    public static async Task<SocketClient> ConnectAsync(Uri uri, SocketClientOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(uri);
        options ??= new SocketClientOptions();
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (options.ReceiveBufferBytes is { } bytes)
            socket.ReceiveBufferSize = bytes;
        var client = new SocketClient(socket, options);
        try
        {
            await socket.ConnectAsync(uri.DnsSafeHost, uri.Port, client.Within());
            await client.ShakeHands(uri);
            return client;
        }
        catch
        {
            await client.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sends a text message.</summary>
    public ValueTask SendAsync(string text) => SendAsync(SocketMessageKind.Text, Encoding.UTF8.GetBytes(text));

    /// <summary>Sends a binary message.</summary>
    public ValueTask SendAsync(ReadOnlyMemory<byte> binary) => SendAsync(SocketMessageKind.Binary, binary);

    /// <summary>Sends a message or a control frame.</summary>
    /// <exception cref="SocketException">The connection is gone.</exception>
    public ValueTask SendAsync(SocketMessageKind kind, ReadOnlyMemory<byte> payload) => SendRawAsync(ClientFrame.Encode(kind, payload.Span));

    /// <summary>Sends bytes as they are: half a frame, or a bad one.</summary>
    /// <exception cref="SocketException">The connection is gone.</exception>
    /// <exception cref="TimeoutException">The hub did not take them within <see cref="SocketClientOptions.Deadline"/>.</exception>
    public async ValueTask SendRawAsync(ReadOnlyMemory<byte> bytes)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(_disposed.Token);
        late.CancelAfter(_options.Deadline);
        try
        {
            await _sending.WaitAsync(late.Token);
            try
            {
                while (bytes.Length > 0)
                    bytes = bytes[await _socket.SendAsync(bytes, SocketFlags.None, late.Token)..];
            }
            finally
            {
                _sending.Release();
            }
        }
        catch (OperationCanceledException) when (!_disposed.IsCancellationRequested)
        {
            throw new TimeoutException($"{bytes.Length} bytes were not taken within {_options.Deadline}.");
        }
    }

    /// <summary>
    /// The next message or control frame; <see cref="SocketMessageKind.End"/> once the connection is gone. Pings and the server's close are
    /// answered on the way.
    /// </summary>
    /// <exception cref="TimeoutException">Nothing came within <see cref="SocketClientOptions.Deadline"/>.</exception>
    public async ValueTask<SocketMessage> ReceiveAsync()
    {
        SocketMessage message;
        while (!_frames.TryRead(out message))
        {
            if (!await Fill())
                return new SocketMessage(SocketMessageKind.End, default);
        }

        if (message.Kind == SocketMessageKind.Ping && _options.AnswersPings)
            await Answer(SocketMessageKind.Pong, message.Payload);
        else if (message.Kind == SocketMessageKind.Close && !_closeSent)
            await Answer(SocketMessageKind.Close, message.Payload);
        return message;
    }

    /// <summary>Sends a close frame. Receive until <see cref="SocketMessageKind.End"/> to see the server's answer.</summary>
    public ValueTask CloseAsync(ushort code = 1000, string reason = "")
    {
        var payload = new byte[2 + Encoding.UTF8.GetByteCount(reason)];
        BinaryPrimitives.WriteUInt16BigEndian(payload, code);
        Encoding.UTF8.GetBytes(reason, payload.AsSpan(2));
        _closeSent = true;
        return SendAsync(SocketMessageKind.Close, payload);
    }

    /// <summary>Ends the connection at once with a TCP reset, as a broken network or a killed process does.</summary>
    public void Cut()
    {
        _socket.LingerState = new LingerOption(true, 0);
        _socket.Close();
    }

    /// <summary>Ends the connection without a close frame.</summary>
    public async ValueTask DisposeAsync()
    {
        await _disposed.CancelAsync();
        _socket.Dispose();
        _deadline.Dispose();
    }

    private async Task ShakeHands(Uri uri)
    {
        var handshake = new ClientHandshake();
        await SendRawAsync(handshake.Request(uri, _options));
        var (status, headers) = ClientHandshake.Parse(await ReadHead());
        ResponseHeaders = headers;
        if (status != 101)
            throw new HandshakeRefusedException(status, headers, await ReadBody());
        handshake.Check(headers);
    }

    /// <summary>Byte by byte, so that the first frame stays behind the head.</summary>
    private async Task<string> ReadHead()
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await _socket.ReceiveAsync(one, SocketFlags.None, Within()) == 0)
                throw new IOException("The connection ended during the handshake.");
            head.Append((char)one[0]);
        }

        return head.ToString();
    }

    private async Task<string> ReadBody()
    {
        _socket.Shutdown(SocketShutdown.Send);
        var body = new StringBuilder();
        var bytes = new byte[4096];
        while (await Read(bytes) is > 0 and var count)
            body.Append(Encoding.UTF8.GetString(bytes, 0, count));
        return body.ToString();
    }

    private async ValueTask<bool> Fill()
    {
        var count = await Read(_frames.Room());
        _frames.Received(count);
        return count > 0;
    }

    private async ValueTask<int> Read(Memory<byte> room)
    {
        try
        {
            var count = await _socket.ReceiveAsync(room, SocketFlags.None, Within());
            _deadline.CancelAfter(Timeout.InfiniteTimeSpan);
            return count;
        }
        catch (OperationCanceledException) when (!_disposed.IsCancellationRequested)
        {
            throw new TimeoutException($"Nothing came within {_options.Deadline}.");
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            return 0; // Cut by either side.
        }
    }

    private CancellationToken Within()
    {
        if (!_deadline.TryReset())
            _deadline = new CancellationTokenSource();
        _deadline.CancelAfter(_options.Deadline);
        return _deadline.Token;
    }

    private async ValueTask Answer(SocketMessageKind kind, ReadOnlyMemory<byte> payload)
    {
        _closeSent |= kind == SocketMessageKind.Close;
        try
        {
            await SendAsync(kind, payload);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The server has gone meanwhile; the next receive says so.
        }
    }
}

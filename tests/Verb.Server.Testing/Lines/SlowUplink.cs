using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;

namespace Verb.Server.Testing.Lines;

/// <summary>
/// A line to a server whose way up is slow, as many are at home: it carries so many bits a second, one byte after the other whichever connection
/// they are of, and holds what it carries within a while. What does not fit waits with the sender. The way down is as fast as the machine.
/// </summary>
internal sealed class SlowUplink : IAsyncDisposable
{
    private const int PieceBytes = 512;

    private readonly CancellationTokenSource _end = new();
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Channel<(Socket To, ReadOnlyMemory<byte> Piece)> _line;
    private readonly IPEndPoint _server;
    private readonly double _bytesPerSecond;
    private readonly List<Task> _running = [];

    private SlowUplink(Uri server, int kilobits, TimeSpan queue)
    {
        _server = new IPEndPoint(IPAddress.Loopback, server.Port);
        _bytesPerSecond = kilobits * 1000 / 8.0;
        _line = Channel.CreateBounded<(Socket, ReadOnlyMemory<byte>)>(Math.Max(1, (int)(queue.TotalSeconds * _bytesPerSecond / PieceBytes)));
        _listener.Server.ReceiveBufferSize = PieceBytes; // The queue of the line is the one that counts.
        _listener.Start();
        _running.AddRange([Accept(), Carry()]);
    }

    /// <summary>Where the server is to be found at the near end.</summary>
    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    /// <summary>Lays the line.</summary>
    /// <param name="server">The far end.</param>
    /// <param name="kilobits">What it carries up in a second.</param>
    /// <param name="queue">How long what it holds takes.</param>
    public static SlowUplink To(Uri server, int kilobits, TimeSpan queue) => new(server, kilobits, queue);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await Task.WhenAll(_running);
        _end.Dispose();
    }

    private Task Accept() => UntilTheEnd(async () =>
    {
        while (true)
            _running.Add(Connect(await _listener.AcceptSocketAsync(_end.Token)));
    });

    private Task Connect(Socket near) => UntilTheEnd(async () =>
    {
        using var client = near;
        using var far = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        client.NoDelay = true;
        await far.ConnectAsync(_server, _end.Token);
        await Task.WhenAll(Up(client, far), Down(far, client));
    });

    private async Task Up(Socket from, Socket to)
    {
        while (true)
        {
            var piece = new byte[PieceBytes];
            var read = await from.ReceiveAsync(piece, _end.Token);
            await _line.Writer.WriteAsync((to, piece.AsMemory(0, read)), _end.Token);
            if (read == 0)
                return;
        }
    }

    private async Task Down(Socket from, Socket to)
    {
        var bytes = new byte[64 * 1024];
        for (int read; (read = await from.ReceiveAsync(bytes, _end.Token)) > 0;)
            await to.SendAsync(bytes.AsMemory(0, read), _end.Token);
        to.Shutdown(SocketShutdown.Send);
    }

    private Task Carry() => UntilTheEnd(async () =>
    {
        var clock = TimeProvider.System;
        var began = clock.GetTimestamp();
        var free = TimeSpan.Zero;
        await foreach (var (to, piece) in _line.Reader.ReadAllAsync(_end.Token))
        {
            var now = clock.GetElapsedTime(began);
            free = (free > now ? free : now) + TimeSpan.FromSeconds(piece.Length / _bytesPerSecond);
            if (free - now is { TotalMilliseconds: >= 1 } wait)
                await Task.Delay(wait, clock, _end.Token);
            try
            {
                if (piece.IsEmpty)
                    to.Shutdown(SocketShutdown.Send);
                else
                    await to.SendAsync(piece, _end.Token);
            }
            catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
            {
                // The far end has closed this connection; the line carries the others on.
            }
        }
    });

    /// <summary>A connection that breaks, or the test's end, ends this part of the line alone.</summary>
    private static async Task UntilTheEnd(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception over) when (over is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // It is over.
        }
    }
}

using System.Net;
using System.Net.Sockets;
using Verb.Postgres.Testing;

namespace Verb.ClusterTests.Nodes;

/// <summary>Stands before a node's cluster port: its peers' links go through here, and can be cut and healed.</summary>
internal sealed class LinkProxy : IAsyncDisposable
{
    private readonly int _target;
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _disposed = new();
    private readonly Lock _lock = new();
    private readonly HashSet<Socket> _open = [];
    private readonly Task _accepting;
    private TaskCompletionSource? _silence;
    private bool _cut;
    private int _held;

    public LinkProxy(int target)
    {
        _target = target;
        Port = FreePort.Next();
        _listener = new TcpListener(IPAddress.Loopback, Port);
        _listener.Start();
        _accepting = Accept();
    }

    /// <summary>Where it listens.</summary>
    public int Port { get; }

    /// <summary>How many messages <see cref="Silence"/> holds back now, at most one a link and direction.</summary>
    public int Held => _held;

    /// <summary>How many links stand now.</summary>
    public int Open
    {
        get
        {
            lock (_lock)
                return _open.Count / 2;
        }
    }

    /// <summary>Resets the links that stand and every new one: a broken cable that the system notices.</summary>
    public void Cut()
    {
        lock (_lock)
        {
            _cut = true;
            foreach (var socket in _open)
                Reset(socket);
            _open.Clear();
        }
    }

    /// <summary>Passes nothing on in either direction, and closes nothing: a network that swallows packets.</summary>
    public void Silence()
    {
        lock (_lock)
            _silence ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>Takes links again, and passes on what was held back.</summary>
    public void Heal()
    {
        lock (_lock)
        {
            _cut = false;
            _silence?.SetResult();
            _silence = null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _disposed.CancelAsync();
        _listener.Dispose();
        Cut();
        Heal();
        await _accepting;
        _disposed.Dispose();
    }

    private async Task Accept()
    {
        while (true)
        {
            Socket from;
            try
            {
                from = await _listener.AcceptSocketAsync(_disposed.Token);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
            {
                return;
            }

            _ = Carry(from);
        }
    }

    private async Task Carry(Socket from)
    {
        var to = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        from.NoDelay = true;
        if (!TryOpen(from, to))
            return;
        try
        {
            await to.ConnectAsync(IPAddress.Loopback, _target, _disposed.Token);
            await Task.WhenAny(Copy(from, to), Copy(to, from));
        }
        catch (Exception e) when (IsEnd(e))
        {
            // The node behind is down.
        }
        finally
        {
            Close(from, to);
        }
    }

    private bool TryOpen(Socket from, Socket to)
    {
        lock (_lock)
        {
            if (_cut)
            {
                Reset(from);
                to.Dispose();
                return false;
            }

            _open.Add(from);
            _open.Add(to);
            return true;
        }
    }

    private void Close(Socket from, Socket to)
    {
        lock (_lock)
        {
            _open.Remove(from);
            _open.Remove(to);
        }

        from.Dispose();
        to.Dispose();
    }

    private async Task Copy(Socket from, Socket to)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer, _disposed.Token) is > 0 and var count)
            {
                await WhileSilent();
                for (var sent = 0; sent < count;)
                    sent += await to.SendAsync(buffer.AsMemory(sent, count - sent), _disposed.Token);
            }
        }
        catch (Exception e) when (IsEnd(e))
        {
            // Cut by either side.
        }
    }

    private async Task WhileSilent()
    {
        if (_silence is not { } silence)
            return;
        Interlocked.Increment(ref _held);
        await silence.Task;
        Interlocked.Decrement(ref _held);
    }

    private static bool IsEnd(Exception e) => e is SocketException or ObjectDisposedException or OperationCanceledException;

    private static void Reset(Socket socket)
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Dispose();
    }
}

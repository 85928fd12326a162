using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Verb.Server.Tests.Browser;

/// <summary>A reverse proxy that shows a server below a path and takes the path off each request, as most do; one request a connection.</summary>
internal sealed class PathProxy : IAsyncDisposable
{
    private const int LongestHead = 64 * 1024;
    private static readonly byte[] NotHere = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray();

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Uri _server;
    private readonly string _path;
    private readonly bool _saysSo;
    private readonly Task _accepting;

    /// <param name="server">Where the requests go.</param>
    /// <param name="path">Such as <c>/hub</c>.</param>
    /// <param name="saysSo">Whether it tells the server by <c>X-Forwarded-Prefix</c>.</param>
    public PathProxy(Uri server, string path, bool saysSo)
    {
        (_server, _path, _saysSo) = (server, path, saysSo);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Where the server's root is seen.</summary>
    public Uri Address => new($"http://{_listener.LocalEndpoint}{_path}/");

    /// <summary>What was asked for outside the path: another application's.</summary>
    public ConcurrentQueue<string> Strays { get; } = new();

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _accepting;
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        var passing = new List<Task>();
        try
        {
            while (true)
                passing.Add(PassAsync(await _listener.AcceptTcpClientAsync(_end.Token)));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(passing);
        }
    }

    private async Task PassAsync(TcpClient client)
    {
        using var inside = new TcpClient();
        using (client)
        {
            try
            {
                var (near, head, body) = await HeadAsync(client.GetStream());
                if (Rewrite(head) is not { } rewritten)
                {
                    await near.WriteAsync(NotHere, _end.Token);
                    return;
                }

                await inside.ConnectAsync(_server.Host, _server.Port, _end.Token);
                var far = inside.GetStream();
                await far.WriteAsync(Encoding.Latin1.GetBytes(rewritten), _end.Token);
                await far.WriteAsync(body, _end.Token);
                await Task.WhenAny(near.CopyToAsync(far, _end.Token), far.CopyToAsync(near, _end.Token));
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
            {
                // One of the two is gone; the other hears of it when this connection is closed.
            }
        }
    }

    private async Task<(NetworkStream Stream, string Head, ReadOnlyMemory<byte> Body)> HeadAsync(NetworkStream stream)
    {
        var buffer = new byte[LongestHead];
        for (var length = 0; ;)
        {
            var read = await stream.ReadAsync(buffer.AsMemory(length), _end.Token);
            if (read == 0)
                throw new EndOfStreamException();
            length += read;
            var end = buffer.AsSpan(0, length).IndexOf("\r\n\r\n"u8);
            if (end >= 0)
                return (stream, Encoding.Latin1.GetString(buffer, 0, end), buffer.AsMemory(end..length));
        }
    }

    /// <summary>The head without the path; null where the request is not below it.</summary>
    private string? Rewrite(string head)
    {
        var lines = head.Split("\r\n");
        var request = lines[0].Split(' ');
        if (!request[1].StartsWith(_path + "/", StringComparison.Ordinal))
        {
            Strays.Enqueue(request[1]);
            return null;
        }

        var upgrades = lines.Any(line => line.StartsWith("Upgrade:", StringComparison.OrdinalIgnoreCase));
        var headers = lines.Skip(1).Where(line => upgrades || !line.StartsWith("Connection:", StringComparison.OrdinalIgnoreCase));
        if (!upgrades)
            headers = headers.Append("Connection: close");
        if (_saysSo)
            headers = headers.Append($"X-Forwarded-Prefix: {_path}");
        return string.Join("\r\n", headers.Prepend($"{request[0]} {request[1][_path.Length..]} {request[2]}"));
    }
}

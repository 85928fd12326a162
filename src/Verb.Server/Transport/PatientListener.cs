using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Verb.Server.Transport;

/// <summary>One socket that listens; disposing it ends an accept that waits.</summary>
internal sealed class PatientListener(Socket socket, SocketTransportOptions options, AcceptPause pause, ILoggerFactory loggers) : IConnectionListener
{
    private readonly CancellationTokenSource _unbound = new();

    private readonly SocketConnectionContextFactory _connections = new(
        new SocketConnectionFactoryOptions
        {
            IOQueueCount = options.IOQueueCount,
            WaitForDataBeforeAllocatingBuffer = options.WaitForDataBeforeAllocatingBuffer,
            MaxReadBufferSize = options.MaxReadBufferSize,
            MaxWriteBufferSize = options.MaxWriteBufferSize,
            UnsafePreferInlineScheduling = options.UnsafePreferInlineScheduling,
        },
        loggers.CreateLogger("Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets"));

    public EndPoint EndPoint { get; } = socket.LocalEndPoint!;

    /// <summary>The next connection; null once nobody listens any more.</summary>
    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        var accepted = await pause.Accept(socket.AcceptAsync, _unbound.Token);
        if (accepted?.LocalEndPoint is IPEndPoint)
            accepted.NoDelay = options.NoDelay;
        return accepted is null ? null : _connections.Create(accepted);
    }

    public async ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        await _unbound.CancelAsync();
        socket.Dispose();
    }

    public ValueTask DisposeAsync()
    {
        socket.Dispose();
        _connections.Dispose();
        _unbound.Dispose();
        return default;
    }
}

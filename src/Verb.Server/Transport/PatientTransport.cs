using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace Verb.Server.Transport;

/// <summary>
/// The web server's sockets, as Kestrel makes them, but for two things: who cannot listen says where, and who cannot accept waits before it
/// tries again. Kestrel's own listener takes the last file descriptor, and then tries again at once, for ever.
/// </summary>
internal sealed class PatientTransport(IOptions<SocketTransportOptions> options, ILoggerFactory loggers, TimeProvider clock)
    : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    private readonly SocketTransportOptions _options = options.Value;
    private readonly AcceptPause _pause = new(DescriptorReserve.OfProcess(), clock, loggers.CreateLogger<PatientTransport>());

    public bool CanBind(EndPoint endpoint) => endpoint is IPEndPoint or UnixDomainSocketEndPoint or FileHandleEndPoint;

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        try
        {
            var socket = _options.CreateBoundListenSocket(endpoint);
            socket.Listen(_options.Backlog);
            return new(new PatientListener(socket, _options, _pause, loggers));
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            throw new AddressInUseException(e.Message, e); // Kestrel adds where.
        }
        catch (SocketException e)
        {
            throw new CannotListenException(endpoint, e);
        }
    }
}

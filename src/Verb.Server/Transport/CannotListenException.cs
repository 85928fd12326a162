using System.Net;
using System.Net.Sockets;

namespace Verb.Server.Transport;

/// <summary>An address cannot be listened on. No <see cref="IOException"/>: after those Kestrel does not try the machine's other protocol.</summary>
internal sealed class CannotListenException(EndPoint endpoint, SocketException cause) : Exception($"Cannot listen on {endpoint}: {cause.Message}", cause);

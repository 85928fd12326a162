using System.Net;
using System.Net.Sockets;

namespace Verb.Gateway.Limits;

/// <summary>How many connections one remote address holds: <c>Verb:Limits:ConnectionsPerAddress</c>, 0 = unlimited. Thread-safe.</summary>
/// <remarks>
/// An IPv4 address counts as the same one where it comes over IPv6; IPv6 addresses of one /64 count together, for a single customer has them all.
/// An address whose last connection leaves is forgotten.
/// </remarks>
internal sealed class AddressLimit(int most)
{
    private const int NetworkBytes = 8;

    private readonly Lock _gate = new();
    private readonly Dictionary<IPAddress, int> _connections = [];

    /// <summary>How many addresses are remembered.</summary>
    public int AddressCount
    {
        get
        {
            lock (_gate)
                return _connections.Count;
        }
    }

    /// <summary>Counts a connection in; each success needs one <see cref="Leave"/> with the same address.</summary>
    /// <param name="address">Null where the transport has none: always counted in.</param>
    public bool TryEnter(IPAddress? address)
    {
        if (most == 0 || address is null)
            return true;
        lock (_gate)
        {
            var key = Key(address);
            var held = _connections.GetValueOrDefault(key);
            if (held >= most)
                return false;
            _connections[key] = held + 1;
            return true;
        }
    }

    /// <summary>Counts a connection out.</summary>
    public void Leave(IPAddress? address)
    {
        if (most == 0 || address is null)
            return;
        lock (_gate)
        {
            var key = Key(address);
            var held = _connections.GetValueOrDefault(key);
            if (held > 1)
                _connections[key] = held - 1;
            else
                _connections.Remove(key);
        }
    }

    private static IPAddress Key(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            return address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
            return address;
        Span<byte> network = stackalloc byte[16];
        address.TryWriteBytes(network, out _);
        network[NetworkBytes..].Clear();
        return new IPAddress(network);
    }
}

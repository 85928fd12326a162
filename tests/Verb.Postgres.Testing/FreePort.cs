using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Verb.Postgres.Testing;

/// <summary>Ports for servers that are stopped and started again at the same place.</summary>
public static class FreePort
{
    private const int Lowest = 10_000;
    private static readonly int Highest = LowestOfClients() - 1;

    /// <summary>
    /// A port of 127.0.0.1 where nobody listens, below those that the system gives to clients: a connection made while the server is down
    /// cannot take it.
    /// </summary>
    public static int Next()
    {
        while (true)
        {
            var port = Random.Shared.Next(Lowest, Highest);
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return port;
            }
            catch (SocketException)
            {
                // Taken; another one.
            }
        }
    }

    private static int LowestOfClients()
    {
        const string Range = "/proc/sys/net/ipv4/ip_local_port_range";
        return File.Exists(Range) ? int.Parse(File.ReadAllText(Range).Split((char[]?)null)[0], CultureInfo.InvariantCulture) : 32_768;
    }
}

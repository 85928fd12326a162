using System.Net.Sockets;
using Verb.Gateway.Limits;
using Verb.Gateway.Metrics;

namespace Verb.Server.Transport;

/// <summary>
/// The last file descriptors of the process, which no connection takes: without one the runtime can load nothing and start no thread, and ends the
/// process. The system gives the lowest number that is free, so that a number tells how many are taken.
/// </summary>
/// <param name="limit">How many the process may have; null: as many as it wants.</param>
/// <param name="open">How many it has before the first connection.</param>
internal sealed class DescriptorReserve(long? limit, long open)
{
    private const string Nothing = "/dev/null";

    /// <summary>Of few descriptors a few are kept back.</summary>
    private readonly long _first = limit is { } all ? all - Math.Clamp((all - open) / 4, 0, DescriptorLimit.Reserve) : long.MaxValue;

    /// <summary>That of this process, as it is now.</summary>
    public static DescriptorReserve OfProcess() => DescriptorLimit.Read() is { } limit ? new(limit, OpenHandles.Count()) : new(null, 0);

    /// <summary>Whether this one is out of the reserve.</summary>
    public bool Holds(Socket socket) => Holds(socket.Handle);

    /// <summary>Whether there is one that is not of the reserve.</summary>
    public bool LeavesOne()
    {
        if (_first == long.MaxValue)
            return true;
        try
        {
            using var probe = File.OpenHandle(Nothing);
            return !Holds(probe.DangerousGetHandle());
        }
        catch (IOException)
        {
            return false;
        }
    }

    internal bool Holds(nint descriptor) => descriptor >= _first;
}

using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;
using Verb.Cluster.Links.Handshake;

namespace Verb.Cluster.Links;

/// <summary>Dials a peer whenever there is no link to it, until it is not to be linked to any more.</summary>
internal sealed class Dialler(
    Peer peer, LinkIdentity identity, LinkOptions options, LinkCounters counters, TimeProvider time, Func<double> draw,
    SocketConnectionContextFactory connections, LinkRefusalLog refusals, ILogger logger)
{
    /// <summary>A link that lasted less does not make up for the attempts before it.</summary>
    private static readonly TimeSpan Lasting = TimeSpan.FromSeconds(2);

    /// <summary>The longest wait for what passes by itself.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(250);

    private readonly BackOff _backOff = new(options.FirstRetry, options.LastRetry);

    private bool _hasMissed;

    /// <summary>What this node waits beside the back-off, so that seldom both dial at once.</summary>
    private TimeSpan HeadStart => peer.DialsFirst ? TimeSpan.Zero : options.HeadStart;

    /// <summary>Lasts until the peer is gone.</summary>
    public async Task Run()
    {
        try
        {
            var wait = HeadStart;
            while (true)
            {
                await peer.Free.WaitAsync(peer.Gone);
                await Task.Delay(wait, time, peer.Gone);
                if (peer.Link is null)
                    wait = HeadStart + await Attempt();
            }
        }
        catch (OperationCanceledException) when (peer.Gone.IsCancellationRequested)
        {
        }
    }

    /// <summary>One connection, from dialling to its end. How long to wait before the next.</summary>
    private async Task<TimeSpan> Attempt()
    {
        var address = peer.Address;
        var began = time.GetTimestamp();
        try
        {
            await using var connection = await Linked(address);
            var link = new Link(connection, peer, LinkSide.Dialler, options, counters, logger);
            _hasMissed = false;
            if (peer.Seat(link))
                await link.Run(null);
            if (time.GetElapsedTime(began) >= Lasting)
                _backOff.Reset();
        }
        catch (LinkRefusedException refused)
        {
            refusals.Write(refused, peer.Name, address);
            var next = _backOff.Next(draw());
            return Refusals.Passes(refused.Reason) && next > Soon ? Soon : next;
        }
        catch (OperationCanceledException) when (!peer.Gone.IsCancellationRequested)
        {
            TellMissed(address, "no answer in time");
        }
        catch (Exception unreachable) when (unreachable is SocketException or IOException or FormatException)
        {
            TellMissed(address, unreachable.Message);
        }
        catch (Exception bug) when (bug is not OperationCanceledException)
        {
            LinkLog.Failed(logger, bug);
        }

        return _backOff.Next(draw());
    }

    /// <summary>Nodes that start together dial each other and give one dial up: only a second miss in a row means anything.</summary>
    private void TellMissed(string address, string problem)
    {
        if (_hasMissed && peer.Link is null)
            refusals.WriteUnreachable(peer.Name, address, problem);
        _hasMissed = true;
    }

    private async Task<ConnectionContext> Linked(string address)
    {
        using var patience = new CancellationTokenSource(options.Greeting, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, peer.Gone);
        var connection = await Connect(address, both.Token);
        try
        {
            await new LinkGreeting(identity, connection.Transport).Dial(peer.Id, peer.Incarnation, both.Token);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private async Task<ConnectionContext> Connect(string address, CancellationToken cancellation)
    {
        var (host, port) = HostPort.Parse(address);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(host, port, cancellation);
            return connections.Create(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;
using Verb.Actors.Sharding;
using Verb.Cluster.Links.Codec;
using Verb.Cluster.Links.Handshake;

namespace Verb.Cluster.Links;

/// <summary>
/// One session with a peer, from the greeting to its end. One loop reads, decodes and delivers in order; one writes all that waits and then
/// flushes. Neither ever waits for an actor.
/// </summary>
internal sealed class Link(ConnectionContext connection, Peer peer, LinkSide side, LinkOptions options, LinkCounters counters, ILogger logger)
{
    /// <summary>What is written before it is flushed; what one frame holds may be more.</summary>
    private const int FlushBytes = 64 * 1024;

    private static long _lastSession;

    private readonly LinkQueue _queue = new(options.MaxQueuedMessages, options.MaxQueuedBytes);
    private string? _why;
    private int _silent;

    /// <summary>Its number among all this process had.</summary>
    public long Session { get; } = Interlocked.Increment(ref _lastSession);

    /// <summary>Whether this node dialled.</summary>
    public LinkSide Side => side;

    /// <summary>Why it ended; null while it stands.</summary>
    public string? Why => Volatile.Read(ref _why);

    /// <summary>Sends without waiting; false where the message was dropped or the link has ended.</summary>
    public bool Send(NodeMessage message)
    {
        if (_queue.Drops(message, out var first))
        {
            counters.OnDropped();
            if (first)
                LinkLog.Behind(logger, peer.Name);
            return false;
        }

        var envelope = Envelopes.Encode(message);
        var size = envelope.CalculateSize();
        if (size > options.MaxFrameBytes)
        {
            counters.OnTooLarge();
            LinkLog.TooLarge(logger, message.GetType().Name, size, peer.Name, options.MaxFrameBytes);
            return false;
        }

        if (_queue.Add(new OutgoingFrame(envelope, size)))
            return true;
        Cut("it is too far behind, and what waits may not be dropped");
        return false;
    }

    /// <summary>Says that this node is there, and looks whether the peer is.</summary>
    public void Pulse()
    {
        if (Interlocked.Increment(ref _silent) > options.SilentPings)
            Cut("nothing was heard from the peer for too long");
        else
            _queue.Ping();
    }

    /// <summary>Ends the session. The first reason counts.</summary>
    public void Cut(string why)
    {
        if (Interlocked.CompareExchange(ref _why, why, null) is not null)
            return;
        _queue.Close();
        connection.Abort(new ConnectionAbortedException(why));
    }

    /// <summary>Lasts as long as the session; <paramref name="welcome"/> is said before any message.</summary>
    public async Task Run(Func<Task>? welcome)
    {
        try
        {
            if (welcome is not null)
                await welcome();
            var writing = Loop(Write);
            await Loop(Read);
            await writing;
        }
        catch (Exception broken) when (broken is IOException or OperationCanceledException)
        {
            Cut(broken.Message);
        }
        finally
        {
            Cut("the peer closed it");
            peer.Ended(this);
        }
    }

    private async Task Loop(Func<Task> work)
    {
        try
        {
            await work();
            Cut("the peer closed it");
        }
        catch (MalformedEnvelopeException malformed)
        {
            LinkLog.Malformed(logger, peer.Name, malformed.Message);
            Cut("what it sent cannot be read");
        }
        catch (Exception broken) when (broken is IOException or OperationCanceledException)
        {
            Cut(broken.Message);
        }
        catch (Exception bug)
        {
            LinkLog.Failed(logger, bug);
            Cut("this node failed");
        }
    }

    private async Task Read()
    {
        var input = connection.Transport.Input;
        while (Why is null)
        {
            var result = await input.ReadAsync();
            Volatile.Write(ref _silent, 0);
            var rest = result.Buffer;
            Deliver(ref rest);
            input.AdvanceTo(rest.Start, rest.End);
            if (result.IsCompleted)
                return;
        }
    }

    private void Deliver(ref ReadOnlySequence<byte> rest)
    {
        var (before, messages) = (rest.Length, 0);
        while (Frames.TryTake(ref rest, options.MaxFrameBytes, out var frame))
        {
            if (frame.IsEmpty)
                continue;
            messages++;
            if (Envelopes.Decode(frame) is { } message)
                peer.Deliver(this, message);
            else
                counters.OnUnknown();
        }

        counters.Received(messages, before - rest.Length);
    }

    private async Task Write()
    {
        var output = connection.Transport.Output;
        List<OutgoingFrame> batch = [];
        while (await _queue.Any())
        {
            batch = _queue.Take(batch);
            if (!await Write(batch, output))
                return;
            batch.Clear();
        }
    }

    private async Task<bool> Write(List<OutgoingFrame> batch, PipeWriter output)
    {
        var (frames, messages, bytes) = (0, 0, 0L);
        for (var i = 0; i < batch.Count; i++)
        {
            var frame = batch[i];
            frames++;
            bytes += frame.Size;
            if (frame.Message is { } message)
            {
                messages++;
                Frames.Write(output, message, frame.Size);
            }
            else
            {
                Frames.WritePing(output);
            }

            if (bytes < FlushBytes && i < batch.Count - 1)
                continue;
            var flushed = await output.FlushAsync();
            if (flushed.IsCompleted || Why is not null)
                return false;
            counters.Sent(messages, bytes + ((long)frames * Frames.PrefixBytes));
            if (_queue.Sent(frames, bytes) is { } recovery)
                peer.Recovered(this, recovery);
            (frames, messages, bytes) = (0, 0, 0L);
        }

        return true;
    }
}

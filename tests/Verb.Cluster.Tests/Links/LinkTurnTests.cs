using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging.Abstractions;
using Verb.Actors.Kernel;
using Verb.Actors.Sharding;
using Verb.Cluster.Links;
using Verb.Cluster.Links.Codec;
using Verb.Cluster.Links.Handshake;
using Verb.Contracts;

namespace Verb.Cluster.Tests.Links;

/// <summary>A burst stays a burst on its way: one write here, one turn there.</summary>
public sealed class LinkTurnTests : INodeLinkEvents, IDispatcher
{
    private readonly Pipe _fromPeer = new();
    private readonly Pipe _toPeer = new();
    private readonly List<string> _told = [];
    private readonly Watched<IThreadPoolWorkItem> _ready = new();
    private readonly Link _link;

    public LinkTurnTests()
    {
        var options = TestNode.Patient with { Dispatcher = this };
        var counters = new LinkCounters();
        var peer = new Peer(new NodeId("a"), new NodeRow(new NodeId("b"), 1, "127.0.0.1:1", Draining: false, Expired: false), this, counters, NullLogger.Instance);
        var connection = new DefaultConnectionContext("link") { Transport = new Ends(_fromPeer.Reader, _toPeer.Writer) };
        _link = new Link(connection, peer, LinkSide.Dialler, options, counters, NullLogger.Instance);
        peer.Seat(_link).ShouldBeTrue();
        _told.Clear();
    }

    [Fact]
    public async Task What_one_read_brings_is_told_in_one_turn()
    {
        for (var i = 1; i <= 3; i++)
            Write(i);
        await _fromPeer.Writer.FlushAsync();
        await _fromPeer.Writer.CompleteAsync();

        await RunToItsEnd();

        _told.ShouldBe(["turn begins", "1", "2", "3", "turn ends", "down"]);
    }

    [Fact]
    public async Task A_turn_ends_though_what_came_cannot_be_read()
    {
        Write(1);
        _fromPeer.Writer.Write<byte>([0, 0, 0, 1, 0xFF]);
        await _fromPeer.Writer.FlushAsync();

        await RunToItsEnd();

        _told.ShouldBe(["turn begins", "1", "turn ends", "down"]);
    }

    [Fact]
    public async Task What_a_turn_sends_is_written_together_when_the_writer_is_run()
    {
        var running = _link.Run(null);
        for (var i = 1; i <= 3; i++)
            _link.Send(new NodeMessage.Answered(i, Answer.Done)).ShouldBeTrue();

        _toPeer.Reader.TryRead(out _).ShouldBeFalse("the writer was made ready, and has not run");
        _ready.Items.ShouldHaveSingleItem().Execute();

        (await _toPeer.Reader.ReadAsync()).Buffer.Length.ShouldBe(3 * Frame(1).Length);
        await _fromPeer.Writer.CompleteAsync();
        await EndOf(running, wakes: 2);
    }

    void IDispatcher.Schedule(IThreadPoolWorkItem cell) => _ready.Add(cell);

    void IDispatcher.BeginTurn() => _told.Add("turn begins");

    void IDispatcher.EndTurn() => _told.Add("turn ends");

    void INodeLinkEvents.LinkUp(NodeId peer, long session) => _told.Add("up");

    void INodeLinkEvents.LinkDown(NodeId peer) => _told.Add("down");

    void INodeLinkEvents.Received(NodeId peer, NodeMessage message) => _told.Add($"{((NodeMessage.Answered)message).Ask}");

    void INodeLinkEvents.Recovered(NodeId peer, IReadOnlyCollection<RoomId> rooms, IReadOnlyCollection<TopicName> topics)
    {
    }

    private static byte[] Frame(long number)
    {
        var envelope = Envelopes.Encode(new NodeMessage.Answered(number, Answer.Done));
        var frame = new ArrayBufferWriter<byte>();
        Frames.Write(frame, envelope, envelope.CalculateSize());
        return frame.WrittenSpan.ToArray();
    }

    private void Write(long number) => _fromPeer.Writer.Write(Frame(number));

    private Task RunToItsEnd() => EndOf(_link.Run(null), wakes: 1);

    /// <summary>The end, too, is told to a writer that waits to be run.</summary>
    private async Task EndOf(Task running, int wakes)
    {
        await _ready.Until(ready => ready.Count == wakes);
        _ready.Items[^1].Execute();
        await running.WaitAsync(TimeSpan.FromSeconds(30));
    }

    private sealed record Ends(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}

using Akka.Actor;
using Microsoft.Extensions.Logging.Abstractions;
using Verb.Actors.Connections;
using Verb.Actors.Sharding;
using Verb.Contracts;
using Verb.Gateway.Handshake;
using Verb.Gateway.Hosting;
using Verb.Gateway.Tests.WebSockets;

namespace Verb.Gateway.Tests.Hosting;

public sealed class SocketReaderTests : IDisposable
{
    private readonly MemorySocket _socket = new();
    private Told _told = null!;
    private readonly TaskCompletionSource _ended = new();
    private readonly ConnectionCallbacks _callbacks = new(ConnectionEvents.None, new ClientConnection { ClientId = "c", Path = "/", ConnectedAt = default }, NullLogger.Instance);

    [Fact]
    public async Task A_frame_too_many_waits_for_its_turn()
    {
        var reading = Read(new LimitOptions { BinaryFramesPerSecond = 1 });
        await _socket.SendAsync([.. Enumerable.Repeat(ClientFrame.Binary(2, 7), 5)]);
        _told.Frames.ShouldBe(3); // The third one is told, and waits before the next is read.
        _socket.Clock.Advance(TimeSpan.FromSeconds(1));
        _told.Frames.ShouldBe(4);
        _socket.Clock.Advance(TimeSpan.FromSeconds(1));
        _told.Frames.ShouldBe(5);

        _socket.Finish();
        await reading;
        _told.Messages[^1].ShouldBeOfType<ConnectionMessage.Lost>();
    }

    [Theory]
    [InlineData(2, true)]
    [InlineData(1, true)]
    [InlineData(9, true)]
    [InlineData(0, false)]
    public async Task A_flood_of_frames_ends_with_1008_and_an_upload_does_not(byte kind, bool isFlood)
    {
        var reading = Read(new LimitOptions { BinaryFramesPerSecond = 1, CommandsPerSecond = 0 });
        await _socket.SendAsync([.. Enumerable.Repeat(ClientFrame.Binary(kind, 0, 0, 0), 30)]);
        for (var i = 0; i < 20; i++)
            _socket.Clock.Advance(TimeSpan.FromSeconds(1));
        var closes = _told.Messages.OfType<ConnectionMessage.CloseWith>().ToList();
        if (isFlood)
            closes[0].Reason.ShouldBe(new CloseReason(1008, "Too many binary frames"));
        else
            closes.ShouldBeEmpty();

        _socket.Finish();
        await reading;
    }

    [Fact]
    public async Task A_reader_that_is_held_back_sees_the_end_of_its_peer()
    {
        var reading = Read(new LimitOptions { BinaryBytesPerSecond = 1 });
        await _socket.SendAsync(ClientFrame.Binary(new byte[100]), ClientFrame.Binary(2, 7), ClientFrame.Binary(2, 8));
        _told.Frames.ShouldBe(2); // The second one waits until the first is paid for.
        _socket.Finish();
        await reading.WaitAsync(TimeSpan.FromSeconds(30));
        _told.Frames.ShouldBe(3);
        _told.Messages[^1].ShouldBeOfType<ConnectionMessage.Lost>();
        _socket.Clock.TimerCount.ShouldBe(1); // The sweep's: what it waited for is forgotten.
    }

    [Fact]
    public async Task A_reader_that_is_held_back_sees_the_end_of_its_connection()
    {
        var reading = Read(new LimitOptions { BinaryBytesPerSecond = 1 });
        await _socket.SendAsync(ClientFrame.Binary(new byte[100]), ClientFrame.Binary(2, 7), ClientFrame.Binary(2, 8), ClientFrame.Close(1001));
        _told.Frames.ShouldBe(2);
        _socket.Connection.Close(CloseReason.ServerShutdown);
        _ended.SetResult();
        await reading.WaitAsync(TimeSpan.FromSeconds(30));
        _told.Frames.ShouldBe(2);
    }

    public void Dispose()
    {
        _callbacks.Dispose();
        _socket.Dispose();
    }

    private Task Read(LimitOptions limits)
    {
        SynchronizationContext.SetSynchronizationContext(null); // The reader goes on at once, not when the test runner's context gets to it.
        var setup = new ConnectionSetup
        {
            Id = new ConnectionId(new NodeId("n"), 1),
            ClientId = new UserId("c"),
            Session = "",
            Identity = null,
            Socket = new SocketOptions(),
            Limits = limits,
        };
        _told = new Told(setup.Gate);
        return new SocketReader(_socket.Connection, _told, setup, _callbacks, _ended.Task, _socket.Clock).Run();
    }

    private sealed class Told(ReaderGate gate) : MinimalActorRef
    {
        public List<ConnectionMessage> Messages { get; } = [];

        public int Frames => Messages.OfType<ConnectionMessage.ReceivedBinary>().Count();

        public override ActorPath Path { get; } = new RootActorPath(Address.AllSystems) / "told";

        public override IActorRefProvider Provider => throw new NotSupportedException();

        protected override void TellInternal(object message, IActorRef sender)
        {
            if (message is ConnectionMessage.Read read)
            {
                Messages.AddRange(read.Messages);
                gate.GiveBack();
            }
            else
            {
                Messages.Add((ConnectionMessage)message);
            }
        }
    }
}

using Verb.Actors.Delivery;
using Verb.Contracts;
using Verb.Gateway.WebSockets;
using Verb.Gateway.WebSockets.Frames;
using Verb.Gateway.WebSockets.Handshake;
using Verb.TestKit.Time;

namespace Verb.Gateway.Tests.WebSockets;

public class CloseHandshakeTests
{
    private static readonly Outgoing Hello = new("hello"u8.ToArray(), FrameKind.Text);

    [Fact]
    public async Task The_close_goes_behind_everything_written_and_nothing_behind_it()
    {
        using var socket = new MemorySocket();
        socket.Connection.Write(Hello);
        socket.Connection.Close(CloseReason.ServerShutdown);
        socket.Connection.Write(Hello);
        socket.Connection.Ping([]);
        socket.Connection.Close(CloseReason.Normal);
        await socket.Connection.Flush();

        var sent = socket.Sent();
        sent.Select(f => f.Opcode).ShouldBe([Opcode.Text, Opcode.Close]);
        sent[1].CloseCode.ShouldBe((ushort)1001);
    }

    [Fact]
    public async Task A_close_behind_a_flush_that_waits_for_the_peer_reaches_it()
    {
        using var socket = new MemorySocket(sendThreshold: 4);
        socket.Connection.Write(Hello);
        var flush = socket.Connection.Flush().AsTask();
        flush.IsCompleted.ShouldBeFalse();
        socket.Connection.Close(CloseReason.TooSlow);

        socket.Sent().ShouldHaveSingleItem().Opcode.ShouldBe(Opcode.Text);
        (await flush).ShouldBeTrue();
        socket.Sent().ShouldHaveSingleItem().CloseCode.ShouldBe((ushort)4005);
    }

    [Fact]
    public async Task Over_a_stream_the_close_waits_for_the_flush_and_is_not_lost()
    {
        var stream = new SlowStream();
        using var pipe = new StreamDuplexPipe(stream);
        using var sweep = new DeadlineSweep(new ManualClock());
        using var connection = new WebSocketConnection(new WebSocketTransport(pipe, stream.Dispose), new WebSocketProtocolOptions(), null, sweep);
        connection.Write(Hello);
        var flush = connection.Flush().AsTask();
        connection.Close(CloseReason.TooSlow);
        flush.IsCompleted.ShouldBeFalse();

        stream.LetGo();
        (await flush).ShouldBeTrue();
        await stream.Written(frames: 2).WaitAsync(TimeSpan.FromSeconds(30));
        stream.Frames.Select(f => f.Opcode).ShouldBe([Opcode.Text, Opcode.Close]);
        stream.Frames[1].CloseCode.ShouldBe((ushort)4005);
    }

    [Fact]
    public async Task Messages_that_cross_the_close_are_discarded_until_the_peer_answers()
    {
        using var socket = new MemorySocket();
        var receiving = socket.ReceiveAsync();
        socket.Connection.Close(CloseReason.Normal);
        await socket.SendAsync(ClientFrame.Text("crossed"), ClientFrame.Ping("crossed"), ClientFrame.Close(1000));

        (await receiving).Kind.ShouldBe(ReceiveKind.Close);
        (await socket.ReceiveAsync()).Kind.ShouldBe(ReceiveKind.End);
        (await socket.Connection.Flush()).ShouldBeFalse();
        socket.Aborted.ShouldBeFalse();
    }

    [Fact]
    public async Task The_end_waits_for_the_answer_to_the_peers_close()
    {
        using var socket = new MemorySocket();
        await socket.SendAsync(ClientFrame.Close(1000));
        (await socket.ReceiveAsync()).Kind.ShouldBe(ReceiveKind.Close);
        var end = socket.ReceiveAsync();
        end.IsCompleted.ShouldBeFalse();

        socket.Connection.Close(CloseReason.Normal);
        (await end).Kind.ShouldBe(ReceiveKind.End);
    }

    [Fact]
    public async Task The_answer_goes_out_to_a_peer_that_closed_and_finished()
    {
        using var socket = new MemorySocket();
        await socket.SendAsync(ClientFrame.Close(1000));
        socket.Finish();
        (await socket.ReceiveAsync()).Kind.ShouldBe(ReceiveKind.Close);
        var end = socket.ReceiveAsync();
        end.IsCompleted.ShouldBeFalse();

        socket.Connection.Close(CloseReason.Normal);
        (await end).Kind.ShouldBe(ReceiveKind.End);
        socket.Sent().ShouldHaveSingleItem().CloseCode.ShouldBe((ushort)1000);
    }

    [Fact]
    public async Task After_a_failure_the_peers_close_is_found_among_what_it_still_sends()
    {
        using var socket = new MemorySocket();
        await socket.SendAsync(ClientFrame.Binary(new byte[50]) with { Rsv = 2 }, ClientFrame.Binary(new byte[70_000]), ClientFrame.Text("x") with { Masked = false });
        (await socket.ReceiveAsync()).Kind.ShouldBe(ReceiveKind.Failure);
        var end = socket.ReceiveAsync();
        socket.Connection.Close(new CloseReason(1002, "Reserved bits set"));
        end.IsCompleted.ShouldBeFalse();

        await socket.SendAsync(Conversation.Bytes(ClientFrame.Ping("still here"), ClientFrame.Close(1002)), chunk: 1);
        end.IsCompleted.ShouldBeTrue();
        (await end).Kind.ShouldBe(ReceiveKind.End);
        socket.Aborted.ShouldBeFalse();
    }

    [Fact]
    public async Task A_peer_that_does_not_answer_is_told_by_the_end_of_the_stream_and_then_cut()
    {
        using var socket = new MemorySocket();
        var receiving = socket.ReceiveAsync();
        socket.Connection.Close(CloseReason.Normal);
        socket.HalfClosed.ShouldBeFalse();

        socket.Clock.Advance(TimeSpan.FromSeconds(2));
        socket.HalfClosed.ShouldBeTrue();
        socket.Aborted.ShouldBeFalse();

        socket.Clock.Advance(TimeSpan.FromSeconds(4));
        socket.Aborted.ShouldBeTrue();
        (await receiving).Kind.ShouldBe(ReceiveKind.End);
    }

    [Fact]
    public async Task A_close_that_cannot_be_sent_ends_by_the_deadline()
    {
        using var socket = new MemorySocket(sendThreshold: 4);
        var receiving = socket.ReceiveAsync();
        socket.Connection.Close(CloseReason.ServerShutdown);
        socket.Clock.Advance(TimeSpan.FromSeconds(3));
        socket.HalfClosed.ShouldBeFalse("what is not sent yet would be lost");

        socket.Clock.Advance(TimeSpan.FromSeconds(3));
        (await receiving).Kind.ShouldBe(ReceiveKind.End);
        socket.Aborted.ShouldBeTrue();
    }

    [Fact]
    public async Task An_owner_that_never_answers_a_close_does_not_keep_the_connection()
    {
        using var socket = new MemorySocket();
        await socket.SendAsync(ClientFrame.Close(1000));
        await socket.ReceiveAsync();
        var end = socket.ReceiveAsync();
        socket.Clock.Advance(TimeSpan.FromSeconds(6));
        (await end).Kind.ShouldBe(ReceiveKind.End);
        socket.Aborted.ShouldBeTrue();
    }

    [Fact]
    public async Task A_half_sent_message_times_out_however_lively_the_peer()
    {
        using var socket = new MemorySocket(new WebSocketProtocolOptions { MessageTimeout = TimeSpan.FromSeconds(10) });
        await socket.SendAsync(ClientFrame.Text("half").Unfinished());
        var receiving = socket.ReceiveAsync();
        socket.Connection.ReceiveStalledSince.ShouldNotBe(0);

        socket.Clock.Advance(TimeSpan.FromSeconds(9));
        await socket.SendAsync(ClientFrame.Ping("alive"));
        (await receiving).Kind.ShouldBe(ReceiveKind.Ping);
        receiving = socket.ReceiveAsync();
        socket.Clock.Advance(TimeSpan.FromSeconds(2));

        receiving.IsCompleted.ShouldBeTrue();
        var failure = await receiving;
        failure.Kind.ShouldBe(ReceiveKind.Failure);
        failure.Reason.Code.ShouldBe((ushort)1001);
        socket.Connection.Close(failure.Reason);
        await socket.SendAsync(ClientFrame.Continuation("!", fin: true), ClientFrame.Close(1001));
        (await socket.ReceiveAsync()).Kind.ShouldBe(ReceiveKind.End);
    }

    [Fact]
    public async Task A_half_sent_header_times_out_and_an_idle_socket_does_not()
    {
        using var idle = new MemorySocket();
        var waiting = idle.ReceiveAsync();
        idle.Clock.Advance(TimeSpan.FromHours(1));
        waiting.IsCompleted.ShouldBeFalse();

        await idle.SendAsync(new byte[] { 0x81 });
        idle.Clock.Advance(TimeSpan.FromSeconds(61));
        waiting.IsCompleted.ShouldBeTrue();
        (await waiting).Kind.ShouldBe(ReceiveKind.Failure);
    }

    [Fact]
    public async Task Time_spent_by_the_owner_on_a_whole_message_is_not_the_peers()
    {
        using var socket = new MemorySocket();
        var receiving = socket.ReceiveAsync();
        await socket.SendAsync(ClientFrame.Text("a").ToBytes(), chunk: 1);
        (await receiving).Text.ShouldBe("a");
        socket.Clock.Advance(TimeSpan.FromHours(1));

        await socket.SendAsync(ClientFrame.Text("b"));
        (await socket.ReceiveAsync()).Text.ShouldBe("b");
    }

    [Fact]
    public async Task A_reset_ends_reader_and_writer()
    {
        using var socket = new MemorySocket();
        var receiving = socket.ReceiveAsync();
        socket.Reset();

        (await receiving).Kind.ShouldBe(ReceiveKind.End);
        socket.Connection.Write(Hello);
        (await socket.Connection.Flush()).ShouldBeFalse();
        socket.Connection.Close(CloseReason.Normal);
    }

    [Fact]
    public async Task An_abort_frees_a_writer_that_waits_for_a_slow_peer()
    {
        using var socket = new MemorySocket(sendThreshold: 4);
        socket.Connection.Write(Hello);
        var flush = socket.Connection.Flush().AsTask();
        flush.IsCompleted.ShouldBeFalse();

        socket.Connection.Abort();
        (await flush).ShouldBeFalse();
        (await socket.ReceiveAsync()).Kind.ShouldBe(ReceiveKind.End);
    }

    [Fact]
    public async Task A_cancelled_receive_loses_nothing()
    {
        using var socket = new MemorySocket();
        using var cancel = new CancellationTokenSource();
        var receiving = socket.Connection.ReceiveAsync(cancel.Token).AsTask();
        await socket.SendAsync(ClientFrame.Text("kept").ToBytes().AsMemory(0, 3));
        await cancel.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(receiving);

        await socket.SendAsync(ClientFrame.Text("kept").ToBytes().AsMemory(3));
        (await socket.ReceiveAsync()).Text.ShouldBe("kept");
    }

    [Fact]
    public async Task The_time_of_the_last_byte_is_known()
    {
        using var socket = new MemorySocket();
        var receiving = socket.ReceiveAsync();
        socket.Clock.Advance(TimeSpan.FromSeconds(7));
        await socket.SendAsync(ClientFrame.Pong(""));
        await receiving;
        var heard = socket.Clock.GetTimestamp();
        socket.Connection.LastReceived.ShouldBe(heard);

        socket.Clock.Advance(TimeSpan.FromSeconds(7)); // Nobody reads: what may have come meanwhile is not known.
        socket.Connection.LastReceived.ShouldBe(socket.Clock.GetTimestamp());
        receiving = socket.ReceiveAsync();
        socket.Connection.LastReceived.ShouldBe(heard);
        socket.Finish();
        await receiving;
    }

    /// <summary>Takes nothing until it is let go; nothing comes.</summary>
    private sealed class SlowStream : Stream
    {
        private readonly TaskCompletionSource _letGo = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly Lock _lock = new();
        private readonly List<byte> _written = [];
        private TaskCompletionSource? _awaited;
        private int _wanted;

        public List<ServerFrame> Frames
        {
            get
            {
                lock (_lock)
                    return ServerFrame.ReadAll([.. _written]);
            }
        }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public void LetGo() => _letGo.SetResult();

        public Task Written(int frames)
        {
            lock (_lock)
            {
                (_wanted, _awaited) = (frames, new(TaskCreationOptions.RunContinuationsAsynchronously));
                Check();
                return _awaited.Task;
            }
        }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await _letGo.Task;
            lock (_lock)
            {
                _written.AddRange(buffer.Span);
                Check();
            }
        }

        public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => 0;

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        private void Check()
        {
            if (_awaited is not null && ServerFrame.ReadAll([.. _written]).Count >= _wanted)
                _awaited.TrySetResult();
        }
    }
}

using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Verb.Server.Transport;
using Verb.TestKit.Time;

namespace Verb.Server.Tests.Transport;

public sealed class AcceptPauseTests : IDisposable
{
    private readonly ManualClock _clock = new();
    private readonly Lines _lines = new();
    private readonly CancellationTokenSource _closed = new();
    private readonly Queue<SocketError?> _accepts = new();
    private readonly AcceptPause _pause;
    private int _attempts;

    public AcceptPauseTests() => _pause = new AcceptPause(new DescriptorReserve(null, 0), _clock, _lines);

    public void Dispose() => _closed.Dispose();

    [Theory]
    [InlineData(SocketError.TooManyOpenSockets)]
    [InlineData(SocketError.NoBufferSpaceAvailable)]
    [InlineData(SocketError.SocketError)]
    public async Task Who_cannot_accept_tries_again_at_a_pace_and_says_so_once(SocketError error)
    {
        for (var i = 0; i < 50; i++)
            _accepts.Enqueue(error);
        _accepts.Enqueue(null);

        var accepted = Accept();
        for (var tried = 1; tried <= 50; tried++)
        {
            await Settled(accepted);
            _attempts.ShouldBe(tried);
            accepted.IsCompleted.ShouldBeFalse();
            _clock.Advance(AcceptPause.Pause);
        }

        using (await accepted)
            _attempts.ShouldBe(51);
        _lines.Told.ShouldHaveSingleItem().ShouldStartWith("Warning: New connections wait");
    }

    [Fact]
    public async Task Out_of_descriptors_is_told_in_words()
    {
        Enqueue(SocketError.TooManyOpenSockets, null);
        await AcceptAll();
        _lines.Told.ShouldHaveSingleItem().ShouldContain("out of file descriptors");
    }

    [Fact]
    public async Task While_each_place_that_becomes_free_is_taken_at_once_it_is_one_shortage()
    {
        for (var i = 0; i < 20; i++)
            Enqueue(null, SocketError.TooManyOpenSockets);
        Enqueue([null]);
        await AcceptAll();
        _lines.Told.Count.ShouldBe(1);

        _clock.Advance(AcceptPause.Calm);
        Enqueue([null]);
        await AcceptAll();
        _lines.Told.Count.ShouldBe(2);
        _lines.Told[1].ShouldStartWith("Information: New connections are taken again");

        Enqueue(SocketError.TooManyOpenSockets, null);
        await AcceptAll();
        _lines.Told.Count.ShouldBe(3); // The next shortage is news.
    }

    [Theory]
    [InlineData(SocketError.ConnectionReset)]
    [InlineData(SocketError.ConnectionAborted)]
    public async Task A_client_that_left_before_it_was_accepted_is_no_shortage(SocketError error)
    {
        Enqueue(error, error, null);
        using (await Accept())
            _attempts.ShouldBe(3);
        _lines.Told.ShouldBeEmpty();
    }

    [Fact]
    public async Task Whoever_waits_ends_with_the_socket()
    {
        Enqueue(SocketError.TooManyOpenSockets, SocketError.OperationAborted);
        var accepted = Accept();
        await _closed.CancelAsync();
        (await accepted).ShouldBeNull();
    }

    [Fact]
    public async Task After_one_of_the_last_descriptors_nothing_is_accepted_until_another_is_free()
    {
        var pause = new AcceptPause(new DescriptorReserve(0, 0), _clock, _lines); // Every descriptor is one of the last.
        Enqueue(null, null);
        using (await pause.Accept(_ => Next(), _closed.Token))
            _attempts.ShouldBe(1);

        var waiting = pause.Accept(_ => Next(), _closed.Token);
        for (var i = 0; i < 10; i++)
        {
            await Settled(waiting);
            _clock.Advance(AcceptPause.Pause);
        }

        _attempts.ShouldBe(1);
        _lines.Told.ShouldHaveSingleItem().ShouldContain("out of file descriptors");
        await _closed.CancelAsync();
        (await waiting).ShouldBeNull();
    }

    private void Enqueue(params SocketError?[] accepts)
    {
        foreach (var accept in accepts)
            _accepts.Enqueue(accept);
    }

    private Task<Socket?> Accept() => _pause.Accept(_ => Next(), _closed.Token);

    /// <summary>Accepts until nothing is left to be accepted.</summary>
    private async Task AcceptAll()
    {
        while (_accepts.Count > 0)
        {
            var accepted = Accept();
            await Settled(accepted);
            while (!accepted.IsCompleted)
            {
                _clock.Advance(AcceptPause.Pause);
                await Settled(accepted);
            }

            (await accepted)?.Dispose();
        }
    }

    /// <summary>Until it has been accepted, or waits for the clock.</summary>
    private async Task Settled(Task accepted)
    {
        while (_clock.TimerCount == 0 && !accepted.IsCompleted)
            await Task.Yield();
    }

    private ValueTask<Socket> Next()
    {
        _attempts++;
        return _accepts.Dequeue() is { } error
            ? ValueTask.FromException<Socket>(new SocketException((int)error))
            : ValueTask.FromResult(new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
    }

    private sealed class Lines : ILogger
    {
        public List<string> Told { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Told.Add($"{logLevel}: {formatter(state, exception)}");
    }
}

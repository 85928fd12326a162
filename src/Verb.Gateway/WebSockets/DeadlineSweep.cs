using System.Collections.Concurrent;

namespace Verb.Gateway.WebSockets;

/// <summary>One timer for the deadlines of all sockets: half-sent messages and unanswered closes.</summary>
internal sealed class DeadlineSweep : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<WebSocketConnection, bool> _connections = new();
    private readonly ITimer _timer;

    public DeadlineSweep(TimeProvider clock)
    {
        Clock = clock;
        _timer = clock.CreateTimer(static sweep => ((DeadlineSweep)sweep!).Run(), this, Period, Period);
    }

    public TimeProvider Clock { get; }

    /// <summary>Connections being watched.</summary>
    public int Count => _connections.Count;

    public void Add(WebSocketConnection connection) => _connections.TryAdd(connection, true);

    public void Remove(WebSocketConnection connection) => _connections.TryRemove(connection, out _);

    public void Dispose() => _timer.Dispose();

    internal void Run()
    {
        foreach (var (connection, _) in _connections)
            connection.CheckDeadlines();
    }
}

using System.Collections.Concurrent;
using System.Text.Json;
using Verb.TestKit.Hosting;

namespace Verb.Server.Tests.Browser;

/// <summary>The DevTools protocol of one browser: commands with their answers, and the events of its tabs.</summary>
internal sealed class DevTools : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly SocketClient _socket;
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonElement>> _asked = new();
    private readonly Task _reading;
    private int _lastId;

    public DevTools(SocketClient socket)
    {
        _socket = socket;
        _reading = ReadAsync();
    }

    /// <summary>Hears every event: its tab's session, its method and its parameters.</summary>
    public event Action<string, string, JsonElement>? Said;

    /// <summary>The result of a command.</summary>
    public async Task<JsonElement> AskAsync(string method, object parameters, string? session = null)
    {
        var id = Interlocked.Increment(ref _lastId);
        var answer = _asked[id] = new TaskCompletionSource<JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously);
        var command = session is null
            ? JsonSerializer.Serialize(new { id, method, @params = parameters })
            : JsonSerializer.Serialize(new { id, method, @params = parameters, sessionId = session });
        await _socket.SendAsync(command);
        return await answer.Task.WaitAsync(Patience);
    }

    public async ValueTask DisposeAsync()
    {
        await _socket.DisposeAsync();
        await _reading;
    }

    private async Task ReadAsync()
    {
        try
        {
            while (true)
            {
                var message = await _socket.ReceiveAsync();
                if (message.Kind == SocketMessageKind.End)
                    return;
                if (message.Kind == SocketMessageKind.Text)
                    Take(message.Json);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or System.Net.Sockets.SocketException or TimeoutException)
        {
            // The browser is gone, or nobody asks it any more.
        }
    }

    private void Take(JsonElement message)
    {
        if (!message.TryGetProperty("id", out var id))
        {
            if (message.TryGetProperty("sessionId", out var session))
                Said?.Invoke(session.GetString()!, message.GetProperty("method").GetString()!, message.GetProperty("params"));
        }
        else if (_asked.TryRemove(id.GetInt32(), out var answer))
        {
            if (message.TryGetProperty("error", out var error))
                answer.TrySetException(new InvalidOperationException(error.ToString()));
            else
                answer.TrySetResult(message.GetProperty("result"));
        }
    }
}

using Microsoft.Extensions.Logging;
using Verb.Contracts;
using Verb.Gateway.Handshake;

namespace Verb.Gateway.Hosting;

/// <summary>Calls the host's callbacks for one connection, one after the other; one that throws is logged and told to <c>OnError</c>.</summary>
internal sealed partial class ConnectionCallbacks(ConnectionEvents events, ClientConnection connection, ILogger log) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);

    public bool HearsDrain => events.OnDrain is not null;

    public ValueTask Open() => events.OnOpen is { } call ? Invoke(() => call(connection)) : default;

    public ValueTask Message(ReadOnlyMemory<byte> payload, bool isBinary) =>
        events.OnMessage is { } call ? Invoke(() => call(connection, payload, isBinary)) : default;

    public ValueTask Ping(ReadOnlyMemory<byte> payload) => events.OnPing is { } call ? Invoke(() => call(connection, payload)) : default;

    public ValueTask Pong(ReadOnlyMemory<byte> payload) => events.OnPong is { } call ? Invoke(() => call(connection, payload)) : default;

    public ValueTask Drain() => events.OnDrain is { } call ? Invoke(() => call(connection)) : default;

    public ValueTask Close(CloseReason reason) => events.OnClose is { } call ? Invoke(() => call(connection, reason)) : default;

    public ValueTask Error(Exception failure) => events.OnError is { } call ? Invoke(() => call(connection, failure)) : default;

    public void Dispose() => _turn.Dispose();

    private async ValueTask Invoke(Func<ValueTask> callback)
    {
        await _turn.WaitAsync();
        try
        {
            await callback();
        }
        catch (Exception failure)
        {
            LogFailed(log, connection.ClientId, failure);
            await TellError(failure);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async ValueTask TellError(Exception failure)
    {
        if (events.OnError is not { } call)
            return;
        try
        {
            await call(connection, failure);
        }
        catch (Exception second)
        {
            LogFailed(log, connection.ClientId, second);
        }
    }

    [LoggerMessage(1301, LogLevel.Error, "A callback failed on the connection of {ClientId}")]
    private static partial void LogFailed(ILogger log, string clientId, Exception failure);
}

using Microsoft.Extensions.Logging;
using Verb.Actors.Connections;
using Verb.Contracts;

namespace Verb.Gateway.Requests;

/// <summary>The requests the host application has registered, by type.</summary>
internal sealed partial class RequestHandlers(IReadOnlyDictionary<string, RequestHandler> handlers, Lazy<IVerbHub> hub, ILogger<RequestHandlers> log)
    : IRequestHandlers
{
    public TimeSpan Timeout => TimeSpan.FromSeconds(30);

    public bool Knows(string name) => handlers.ContainsKey(name);

    public async ValueTask<Answer> Handle(
        string name, UserId clientId, Identity identity, ReadOnlyMemory<byte> payload, CancellationToken cancellation)
    {
        await Task.Yield(); // Off the connection's turn.
        try
        {
            var handled = handlers[name](new RequestContext(clientId, identity, hub.Value), payload, cancellation).AsTask();
            return Answer.Of(new ReplyBody.Json(await handled.WaitAsync(cancellation)));
        }
        catch (RequestException refused)
        {
            return Answer.Refused(refused.Code, refused.Message);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return Answer.Refused(CommandError.Timeout);
        }
        catch (Exception failure)
        {
            LogFailed(log, name, failure);
            return Answer.Refused(CommandError.Internal);
        }
    }

    [LoggerMessage(1201, LogLevel.Error, "The handler of request {Name} failed")]
    private static partial void LogFailed(ILogger log, string name, Exception failure);
}

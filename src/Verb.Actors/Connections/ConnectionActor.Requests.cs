using Verb.Contracts;

namespace Verb.Actors.Connections;

/// <summary>Code of the host: request handlers and admin commands run beside the actor, for as long as they may and the client is there.</summary>
internal sealed partial class ConnectionActor
{
    private CancellationTokenSource? _life;

    private void OnRequest(Command.Request request, Identity identity)
    {
        if (!environment.Requests.Knows(request.Name))
        {
            Refuse(request, ErrorCode.UnknownType, $"There is no command '{request.Name}'.");
            return;
        }

        if (request.Id is null)
        {
            Refuse(request, ErrorCode.InvalidMessage, "The field 'id' is missing.");
            return;
        }

        Run(request, cancel => environment.Requests.Handle(request.Name, setup.ClientId, identity, request.Payload, cancel));
    }

    private void OnAdmin(Command.Admin admin, Identity identity)
    {
        if (!identity.IsAdmin)
            Refuse(admin, ErrorCode.Forbidden, "Admin commands need the role 'admin'.");
        else
            Run(admin, cancel => environment.Admin.Run(admin, cancel));
    }

    /// <summary>Runs code of the host beside the actor; its failure answers the command.</summary>
    private void Run(Command command, Func<CancellationToken, ValueTask<Answer>> work)
    {
        var number = Await(command);
        var source = new CancellationTokenSource(environment.Requests.Timeout, environment.Hub.Clock);
        _life ??= new CancellationTokenSource();
        var end = _life.Token.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), source);
        ValueTask<Answer> answer;
        try
        {
            answer = work(source.Token);
        }
        catch (Exception)
        {
            answer = ValueTask.FromResult(Answer.Refused(CommandError.Internal));
        }

        Context.PipeToSelf(
            answer,
            result =>
            {
                Dispose();
                return new ConnectionMessage.Answered(number, result);
            },
            cause =>
            {
                Dispose();
                return new ConnectionMessage.Answered(
                    number, Answer.Refused(cause is OperationCanceledException ? CommandError.Timeout : CommandError.Internal));
            });

        void Dispose()
        {
            end.Dispose();
            source.Dispose();
        }
    }

    /// <summary>Tells the handlers that still run that nobody waits for them any more.</summary>
    private void CancelRequests()
    {
        try
        {
            _life?.Cancel();
        }
        catch (AggregateException)
        {
            // What a handler does when it is cancelled is the host's; its failure must not keep the connection from ending.
        }
    }
}

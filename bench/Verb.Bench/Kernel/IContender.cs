namespace Verb.Bench.Kernel;

/// <summary>One way to run a handler behind a bounded mailbox, one message at a time.</summary>
internal interface IContender : IAsyncDisposable
{
    string Name { get; }

    IMailbox Start(Action<object> handler);
}

namespace Verb.Bench.Kernel;

internal interface IMailbox
{
    /// <summary>False where the mailbox is full.</summary>
    bool TryTell(object message);
}

using Akka.Actor;
using Akka.Event;

namespace Verb.Actors.Mailboxes;

/// <summary>What the mailbox hands out once it has run empty, and after every full batch of an actor that is busy: the place to flush, to commit, to join.</summary>
public sealed class BatchEnd : INotInfluenceReceiveTimeout, IDeadLetterSuppression
{
    private BatchEnd()
    {
    }

    /// <summary>The only one.</summary>
    public static BatchEnd Instance { get; } = new();
}

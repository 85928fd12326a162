using Akka.Dispatch;
using Akka.Dispatch.MessageQueues;

namespace Verb.Actors.Mailboxes;

/// <summary>
/// The queue of a <see cref="BatchingMailbox"/>. An actor that counts on its bound and its batch ends says so with
/// <see cref="IRequiresMessageQueue{T}"/> of this, and cannot be started on another mailbox.
/// </summary>
public interface IBatchingQueue : IMessageQueue, ISemantics
{
    /// <summary>How many messages may wait, exactly; control messages and Akka.NET's own pass. An actor may set its own on its turn.</summary>
    int Bound { get; set; }
}

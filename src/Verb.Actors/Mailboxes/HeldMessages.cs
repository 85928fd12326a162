using Akka.Actor;

namespace Verb.Actors.Mailboxes;

/// <summary>
/// What an actor is told while it is being loaded, in its order; as bounded as its mailbox. Akka.NET's stash wants a mailbox of its own, and a task awaited
/// within the actor would hold the store's own work to the actor's life.
/// </summary>
/// <param name="bound">How many are held; control messages are held beyond it.</param>
internal sealed class HeldMessages(int bound)
{
    private readonly Queue<(object Message, IActorRef? Sender)> _held = new();

    /// <summary>How many are held.</summary>
    public int Count => _held.Count;

    /// <summary>Holds a message; one that finds no room is refused.</summary>
    public void Hold(object message, IActorRef self, IActorRef? sender)
    {
        if (_held.Count < bound || message is IControlMessage)
            _held.Enqueue((message, sender));
        else
            (message as IRefusable)?.Refuse(self, sender, Refusal.Busy);
    }

    /// <summary>Gives back what was held; what is held meanwhile stays.</summary>
    public void Release(Action<object> handle)
    {
        for (var left = _held.Count; left > 0; left--)
            handle(_held.Dequeue().Message);
    }

    /// <summary>The actor ends: nobody takes them.</summary>
    public void Refuse(IActorRef self)
    {
        while (_held.TryDequeue(out var held))
            (held.Message as IRefusable)?.Refuse(self, held.Sender, Refusal.Stopped);
    }
}

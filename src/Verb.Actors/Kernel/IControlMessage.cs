namespace Verb.Actors.Kernel;

/// <summary>Marks a message that is accepted by a full mailbox, in its order behind what is there. A mailbox that has ended refuses it, too.</summary>
#pragma warning disable CA1040 // A marker read by the mailbox's slow path; an attribute would need reflection there.
public interface IControlMessage;
#pragma warning restore CA1040

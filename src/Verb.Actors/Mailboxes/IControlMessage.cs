namespace Verb.Actors.Mailboxes;

/// <summary>A message that passes a full mailbox, in its order: one that must not be lost. Its sender bounds how many there are.</summary>
public interface IControlMessage;

namespace Verb.Actors.Mailboxes;

/// <summary>Why a message was not delivered.</summary>
public enum Refusal
{
    /// <summary>The mailbox was full; trying again later may help.</summary>
    Busy,

    /// <summary>The actor has stopped, or stopped before the message's turn came.</summary>
    Stopped,
}

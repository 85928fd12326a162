namespace Verb.Actors.Users;

/// <summary>What an inbox item is.</summary>
public enum InboxItemKind
{
    /// <summary>A message from another user.</summary>
    PrivateMessage,

    /// <summary>A notification from the application; its body is a JSON object.</summary>
    Notification,
}

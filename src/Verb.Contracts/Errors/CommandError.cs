namespace Verb.Contracts;

/// <summary>The refusal of one command: it answers the command and leaves the connection open.</summary>
/// <param name="Code">Which kind of refusal.</param>
/// <param name="Message">One sentence for a developer: what was wrong and what is allowed.</param>
/// <param name="RetryAfter">Milliseconds after which to try again, for the codes that say so.</param>
public sealed record CommandError(ErrorCode Code, string Message, long? RetryAfter = null)
{
    /// <summary>How long an overloaded hub asks a client to wait, in milliseconds.</summary>
    public const long OverloadedRetryAfter = 1000;

    /// <summary>A mailbox or a store was full: nothing was stored.</summary>
    public static CommandError Overloaded { get; } =
        new(ErrorCode.Overloaded, "The hub is busy; nothing was stored. Try again.", OverloadedRetryAfter);

    /// <summary>No answer came in time.</summary>
    public static CommandError Timeout { get; } =
        new(ErrorCode.Timeout, "No answer in time; the outcome is open. Send it again: a message with the same messageId.");

    /// <summary>The hub failed while it handled the command.</summary>
    public static CommandError Internal { get; } =
        new(ErrorCode.Internal, "The hub failed; the outcome is open. Send it again: a message with the same messageId.");
}

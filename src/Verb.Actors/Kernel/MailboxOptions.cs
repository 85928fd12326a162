namespace Verb.Actors.Kernel;

/// <summary>The limits of a mailbox.</summary>
public sealed record MailboxOptions
{
    internal static readonly MailboxOptions Default = new();

    /// <summary>How many messages may wait, exactly; 1024 unless set, at least 1. Memory is taken only when used.</summary>
    public int Bound { get; init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "A mailbox holds at least one message."); } = 1024;

    /// <summary>How many messages an actor handles before it yields its thread; 64 unless set, at least 1.</summary>
    public int BatchSize { get; init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "A batch has at least one message."); } = 64;
}

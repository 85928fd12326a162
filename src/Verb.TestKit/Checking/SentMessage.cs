namespace Verb.TestKit.Checking;

/// <summary>A message that a client published, or left in a user's inbox, and what it heard of it. The same one sent again is the same.</summary>
/// <param name="place">The room, or the user it is for.</param>
/// <param name="sender">Who sent it.</param>
/// <param name="messageId">The sender's id of it.</param>
internal sealed class SentMessage(string place, string sender, string messageId)
{
    public string Place => place;

    public string Sender => sender;

    public string MessageId => messageId;

    /// <summary>When it was sent for the first time.</summary>
    public long SentAt { get; set; }

    /// <summary>When it was acknowledged for the first time; null while it is not.</summary>
    public long? AckedAt { get; set; }

    /// <summary>The lineage that the acknowledgement named; empty for an inbox's.</summary>
    public string Epoch { get; set; } = "";

    /// <summary>The number that the acknowledgement named; 0 for an inbox's.</summary>
    public long Seq { get; set; }

    /// <inheritdoc/>
    public override string ToString() => $"{sender}'s '{messageId}'";
}

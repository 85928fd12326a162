namespace Verb.TestKit.Checking;

/// <summary>A room as the hub knows it at the end, asked for when all was quiet.</summary>
/// <param name="Room">Which.</param>
/// <param name="Epoch">The lineage of its history.</param>
/// <param name="Messages">Its whole history: nothing of the run was trimmed.</param>
/// <param name="Members">The users that it names as members; null where nobody asked.</param>
internal sealed record RoomTruth(string Room, string Epoch, IReadOnlyList<TrueMessage> Messages, IReadOnlyCollection<string>? Members)
{
    /// <summary>The last number; 0 for none.</summary>
    public long LastSeq => Messages.Count == 0 ? 0 : Messages[^1].Seq;
}

/// <summary>A message of a room's history.</summary>
internal sealed record TrueMessage(long Seq, string Sender, string MessageId);

namespace Verb.Actors.Rooms;

/// <summary>A part of a room's history.</summary>
/// <param name="Messages">Ascending by seq, without gaps.</param>
/// <param name="Complete">False where limit or bytes cut it: more of what was asked for is in history.</param>
/// <param name="FirstSeq">
/// The oldest number history holds at this moment, the room's last seq + 1 where it holds none. Reading on from
/// <c>afterSeq</c> missed something exactly if this is above <c>afterSeq + 1</c>.
/// </param>
public sealed record HistoryPage(IReadOnlyList<Publication> Messages, bool Complete, long FirstSeq);

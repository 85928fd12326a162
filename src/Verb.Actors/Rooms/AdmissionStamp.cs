namespace Verb.Actors.Rooms;

/// <summary>
/// When a room admitted a connection, by its own count. A relay that registers says which admission it heard last, so that the room keeps
/// whom it has admitted since.
/// </summary>
/// <param name="Term">The term of the owner that admitted.</param>
/// <param name="Number">Grows with every admission of that owner, also when the room was restarted.</param>
internal readonly record struct AdmissionStamp(long Term, long Number)
{
    /// <summary>Whether this admission is later.</summary>
    public bool IsAfter(AdmissionStamp other) => Term != other.Term ? Term > other.Term : Number > other.Number;
}

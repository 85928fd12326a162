namespace Verb.Actors.Rooms;

/// <summary>A room does not know any more what its store holds: it is started anew by its supervisor, and nothing is broken.</summary>
internal sealed class RoomLostException(string message) : Exception(message);

using Verb.Actors.Connections;
using Verb.Contracts;

namespace Verb.Actors.Rooms;

/// <summary>One connection in a room.</summary>
/// <param name="Connection">Which connection.</param>
/// <param name="Identity">Whose it is.</param>
/// <param name="Echo">Whether it hears its own messages, too.</param>
/// <param name="Stamp">When it was admitted.</param>
internal sealed record Member(ConnectionId Connection, Identity Identity, bool Echo, AdmissionStamp Stamp = default);

namespace Verb.Server.Testing.Load;

/// <summary>A client that had lost its connection is back in its room.</summary>
/// <param name="User">Who.</param>
/// <param name="Room">Where.</param>
/// <param name="Node">The node that took it.</param>
/// <param name="LostAt">When it lost the connection before, as the stopwatch counts; so are the others.</param>
/// <param name="AdmittedAt">When its handshake was taken.</param>
/// <param name="InAt">When it had its answer and the last page of what it missed.</param>
/// <param name="Recovered">Whether the room said that nothing is missing.</param>
internal readonly record struct ComeBack(string User, string Room, string Node, long LostAt, long AdmittedAt, long InAt, bool Recovered);

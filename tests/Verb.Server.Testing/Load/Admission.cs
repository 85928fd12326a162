namespace Verb.Server.Testing.Load;

/// <summary>A handshake that was taken.</summary>
/// <param name="Node">By whom.</param>
/// <param name="At">When the client knew, as the stopwatch counts.</param>
internal readonly record struct Admission(string Node, long At);

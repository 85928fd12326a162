namespace Verb.Contracts;

/// <summary>A place in a room's history: the last message a client has seen.</summary>
/// <param name="Epoch">The lineage of the history, 1 to 64 characters.</param>
/// <param name="Seq">The number of the message; 0 before the first.</param>
public sealed record Position(string Epoch, long Seq);

namespace Verb.Server.Testing.Clients;

/// <summary>What the hub promised about one message.</summary>
internal sealed record Acknowledgement(string MessageId, long Seq, string Epoch);

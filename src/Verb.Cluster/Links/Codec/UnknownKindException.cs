namespace Verb.Cluster.Links.Codec;

/// <summary>A peer of a newer version said something that this one has no name for: the message is ignored.</summary>
internal sealed class UnknownKindException(string what) : Exception($"A kind of {what} that this version does not know.");

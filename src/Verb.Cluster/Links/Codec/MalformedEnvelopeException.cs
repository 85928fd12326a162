namespace Verb.Cluster.Links.Codec;

/// <summary>What came over a link cannot be read: the link ends.</summary>
internal sealed class MalformedEnvelopeException(string message, Exception? cause = null) : Exception(message, cause);

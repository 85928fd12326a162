namespace Verb.Actors.Sharding;

/// <summary>The cluster does not take this node; the message is one line for the operator, with what to do.</summary>
public sealed class ClusterRefusedException(string message) : Exception(message);

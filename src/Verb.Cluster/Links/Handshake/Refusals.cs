using Reason = Verb.Cluster.Links.Wire.Refused.Types.Reason;

namespace Verb.Cluster.Links.Handshake;

/// <summary>Refusals in words: what is wrong and what to do.</summary>
internal static class Refusals
{
    /// <summary>Whether it passes by itself: nodes learn of each other within a second, and both dial.</summary>
    public static bool Passes(Reason reason) => reason is Reason.NotKnownYet or Reason.AlreadyLinked;

    /// <summary>The reason as a sentence.</summary>
    public static string Text(Reason reason) => reason switch
    {
        Reason.WrongSecret => "the secrets differ. Set the same Verb:Cluster:Secret on every node",
        Reason.OtherCluster => "it is of another cluster. Set the same Verb:Cluster:Name on every node, or correct Verb:Cluster:Advertise",
        Reason.OtherVersion => "no version of the link protocol is spoken by both. Upgrade the older node; skip no minor version",
        Reason.DuplicateNode =>
            "both go by the same name. Give every node its own Verb:Cluster:NodeId, and let Verb:Cluster:Advertise lead to the node itself",
        Reason.Superseded => "another life of the same node has taken its place. If it is still running, stop it",
        Reason.NotKnownYet => "one does not know the other yet, or the address leads to another node. Check Verb:Cluster:Advertise if this goes on",
        Reason.AlreadyLinked => "they are linked already",
        Reason.NotANode => "what came is not how a node greets. Keep the cluster's port on a private network",
        _ => "the other side closed, or gave a reason that this version does not know",
    };
}

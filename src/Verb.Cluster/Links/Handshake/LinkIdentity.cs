using System.Text;
using Google.Protobuf;
using Verb.Actors.Sharding;
using Reason = Verb.Cluster.Links.Wire.Refused.Types.Reason;

namespace Verb.Cluster.Links.Handshake;

/// <summary>Who a node is to its peers, and what it asks of them. Pure.</summary>
internal sealed class LinkIdentity(LinkOptions options, NodeId node, long incarnation)
{
    private readonly byte[] _secret = Encoding.UTF8.GetBytes(options.Secret);

    /// <summary>The node.</summary>
    public NodeId Node => node;

    /// <summary>What it begins with.</summary>
    public Wire.Hello Hello(byte[] nonce) => new()
    {
        Oldest = options.OldestVersion,
        Newest = options.NewestVersion,
        Cluster = options.Cluster,
        Node = node.Value,
        Incarnation = incarnation,
        Nonce = UnsafeByteOperations.UnsafeWrap(nonce),
    };

    /// <summary>What speaks against a link with who says this; null: nothing so far.</summary>
    public Reason? Against(Wire.Hello theirs) => theirs switch
    {
        _ when theirs.Newest < options.OldestVersion || theirs.Oldest > options.NewestVersion => Reason.OtherVersion,
        _ when theirs.Cluster != options.Cluster => Reason.OtherCluster,
        _ when theirs.Node == node.Value => Reason.DuplicateNode,
        _ when theirs.Nonce.Length < LinkProof.NonceBytes || theirs.Node.Length is 0 or > 64 => Reason.NotANode,
        _ => null,
    };

    /// <summary>What proves that one side knows the secret.</summary>
    public byte[] Proof(LinkSide side, ReadOnlySpan<byte> diallersHello, ReadOnlySpan<byte> acceptorsHello) =>
        LinkProof.Of(_secret, side, diallersHello, acceptorsHello);
}

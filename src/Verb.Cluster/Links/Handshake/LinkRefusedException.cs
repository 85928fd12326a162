using Reason = Verb.Cluster.Links.Wire.Refused.Types.Reason;

namespace Verb.Cluster.Links.Handshake;

/// <summary>A connection does not become a link.</summary>
/// <param name="reason">Why.</param>
/// <param name="byPeer">Whether the peer refused; false: this node did.</param>
/// <param name="peer">Who the other side says it is; null where it said nothing of use.</param>
internal sealed class LinkRefusedException(Reason reason, bool byPeer, string? peer) : Exception($"Refused: {reason}.")
{
    /// <summary>Why.</summary>
    public Reason Reason => reason;

    /// <summary>Whether the peer refused; false: this node did.</summary>
    public bool ByPeer => byPeer;

    /// <summary>Who the other side says it is.</summary>
    public string? Peer => peer;
}

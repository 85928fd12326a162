using Microsoft.Extensions.Logging;
using Verb.Cluster.Links.Handshake;
using Verb.Contracts;

namespace Verb.Cluster.Links;

/// <summary>Says why there is no link, once per peer, reason and half minute: a wrong setting is tried again every two seconds.</summary>
internal sealed class LinkRefusalLog(LinkCounters counters, TimeProvider time, ILogger logger)
{
    private readonly LogPace _pace = new(time);

    /// <summary>A connection did not become a link.</summary>
    /// <param name="refused">Why.</param>
    /// <param name="peer">Who was dialled; null: this node was.</param>
    /// <param name="address">Where the other side is.</param>
    public void Write(LinkRefusedException refused, string? peer, string address)
    {
        counters.OnRefused();
        var name = peer ?? (Identifier.IsLabel(refused.Peer) ? refused.Peer! : "Someone");
        var why = Refusals.Text(refused.Reason);
        if (Refusals.Passes(refused.Reason))
            LinkLog.NotYet(logger, name, address, why);
        else if (!_pace.Allows(refused.Reason.ToString(), name))
            return;
        else if (refused.ByPeer)
            LinkLog.RefusedByPeer(logger, name, address, why);
        else
            LinkLog.Refused(logger, name, address, why);
    }

    /// <summary>A peer could not be dialled.</summary>
    public void WriteUnreachable(string peer, string address, string problem)
    {
        if (_pace.Allows("unreachable", peer))
            LinkLog.Unreachable(logger, peer, address, problem);
    }
}

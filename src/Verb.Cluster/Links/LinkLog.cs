using Microsoft.Extensions.Logging;

namespace Verb.Cluster.Links;

/// <summary>What is logged of the links between nodes; never a secret, never a payload.</summary>
internal static partial class LinkLog
{
    [LoggerMessage(EventId = 1800, Level = LogLevel.Information, Message = "Peers of the cluster {Cluster} are listened for on {EndPoint}.")]
    public static partial void Listening(ILogger logger, string cluster, string endPoint);

    [LoggerMessage(EventId = 1801, Level = LogLevel.Information, Message = "The link with {Peer} at {Address} stands.")]
    public static partial void LinkUp(ILogger logger, string peer, string address);

    [LoggerMessage(EventId = 1802, Level = LogLevel.Warning, Message = "The link with {Peer} ended: {Why}.")]
    public static partial void LinkDown(ILogger logger, string peer, string why);

    [LoggerMessage(EventId = 1803, Level = LogLevel.Warning, Message = "A link with {Peer} at {Address} was refused: {Why}.")]
    public static partial void Refused(ILogger logger, string peer, string address, string why);

    [LoggerMessage(EventId = 1804, Level = LogLevel.Warning, Message = "{Peer} at {Address} refused a link: {Why}.")]
    public static partial void RefusedByPeer(ILogger logger, string peer, string address, string why);

    [LoggerMessage(
        EventId = 1805,
        Level = LogLevel.Warning,
        Message = "{Peer} cannot be reached at {Address}: {Problem}. Check its Verb:Cluster:Advertise and the network between the nodes.")]
    public static partial void Unreachable(ILogger logger, string peer, string address, string problem);

    [LoggerMessage(EventId = 1806, Level = LogLevel.Error, Message = "What {Peer} sent cannot be read, and the link is cut: {Problem}")]
    public static partial void Malformed(ILogger logger, string peer, string problem);

    [LoggerMessage(
        EventId = 1807, Level = LogLevel.Error, Message = "A {Kind} of {Bytes} bytes for {Peer} was not sent: a link takes at most {Most} bytes.")]
    public static partial void TooLarge(ILogger logger, string kind, int bytes, string peer, int most);

    [LoggerMessage(EventId = 1808, Level = LogLevel.Warning, Message = "The link with {Peer} is behind: what can be had again is dropped.")]
    public static partial void Behind(ILogger logger, string peer);

    [LoggerMessage(
        EventId = 1809, Level = LogLevel.Information, Message = "The link with {Peer} keeps up again; {Rooms} rooms and {Topics} topics catch up.")]
    public static partial void Recovered(ILogger logger, string peer, int rooms, int topics);

    [LoggerMessage(EventId = 1810, Level = LogLevel.Error, Message = "A link failed on this node's side.")]
    public static partial void Failed(ILogger logger, Exception cause);

    [LoggerMessage(EventId = 1811, Level = LogLevel.Debug, Message = "No link with {Peer} at {Address} yet: {Why}.")]
    public static partial void NotYet(ILogger logger, string peer, string address, string why);
}

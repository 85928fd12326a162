namespace Verb.Gateway.Hosting;

/// <summary>The node that runs in this process, alone or one of a cluster. Inject it where something must not run on every node.</summary>
public interface IVerbNode
{
    /// <summary>The node's name, as in <c>/api/status</c>.</summary>
    string Name { get; }

    /// <summary>
    /// Whether what should run once in a cluster, a feed for example, runs here: true on one node at most times, and always on a node that is
    /// alone. Ask before every step: it moves when the node drains or dies. While it moves there may be none for some seconds; where every
    /// step must be done once and once only, give the messages a <c>messageId</c>.
    /// </summary>
    bool IsLeader { get; }
}

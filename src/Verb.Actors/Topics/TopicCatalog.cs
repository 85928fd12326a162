using System.Collections.Concurrent;
using Verb.Actors.Sharding;
using Verb.Contracts;

namespace Verb.Actors.Topics;

/// <summary>
/// Which topics have a value: what <c>get_topics</c> answers. Those whose owner is on this node, and those that other nodes list. Bounded; safe for
/// concurrent use.
/// </summary>
internal sealed class TopicCatalog
{
    /// <summary>How many topics of one node are listed at most; those that come later work all the same.</summary>
    public const int MaxTopics = 10_000;

    private readonly Lock _telling = new();
    private readonly ConcurrentDictionary<TopicName, bool> _topics = new();
    private readonly ConcurrentDictionary<NodeId, ConcurrentDictionary<TopicName, bool>> _elsewhere = new();

    /// <summary>Told of each topic that this node lists, or no longer lists, one after the other.</summary>
    public Action<TopicName, bool>? Changed { get; set; }

    /// <summary>How many topics of this node are listed.</summary>
    public int Count => _topics.Count;

    /// <summary>The topics of this node.</summary>
    public IReadOnlyList<TopicName> Here => [.. _topics.Keys.OrderBy(topic => topic.Value, StringComparer.Ordinal)];

    /// <summary>The topics of all nodes, in the order of their names.</summary>
    public IReadOnlyList<TopicName> Names =>
        [.. _topics.Keys.Concat(_elsewhere.Values.SelectMany(topics => topics.Keys)).Distinct().OrderBy(topic => topic.Value, StringComparer.Ordinal)];

    /// <summary>Tells the topics of this node: no change of them is told before or meanwhile that is not among them.</summary>
    internal void List(Action<IReadOnlyList<TopicName>> tell)
    {
        lock (_telling)
            tell(Here);
    }

    internal void Add(TopicName topic)
    {
        if (_topics.ContainsKey(topic))
            return;
        lock (_telling)
        {
            if (_topics.Count < MaxTopics && _topics.TryAdd(topic, true))
                Changed?.Invoke(topic, true);
        }
    }

    internal void Remove(TopicName topic)
    {
        lock (_telling)
        {
            if (_topics.TryRemove(topic, out _))
                Changed?.Invoke(topic, false);
        }
    }

    /// <summary>What another node lists.</summary>
    internal void Learn(NodeId node, NodeMessage.Catalog catalog)
    {
        if (catalog.Whole)
            _elsewhere.TryRemove(node, out _);
        var topics = _elsewhere.GetOrAdd(node, static _ => new());
        foreach (var topic in catalog.Listed.Take(MaxTopics - Math.Min(MaxTopics, topics.Count)))
            topics[topic] = true;
        foreach (var topic in catalog.Unlisted)
            topics.TryRemove(topic, out _);
    }

    /// <summary>A node is gone, and what it listed.</summary>
    internal void Forget(NodeId node) => _elsewhere.TryRemove(node, out _);
}

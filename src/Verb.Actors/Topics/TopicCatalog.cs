using System.Collections.Concurrent;
using Verb.Contracts;

namespace Verb.Actors.Topics;

/// <summary>Which topics have a value: what <c>get_topics</c> answers. Bounded; safe for concurrent use.</summary>
internal sealed class TopicCatalog
{
    /// <summary>How many topics are listed at most; those that come later work all the same.</summary>
    public const int MaxTopics = 10_000;

    private readonly ConcurrentDictionary<TopicName, bool> _topics = new();

    /// <summary>How many topics are listed.</summary>
    public int Count => _topics.Count;

    /// <summary>The topics, in the order of their names.</summary>
    public IReadOnlyList<TopicName> Names => [.. _topics.Keys.OrderBy(topic => topic.Value, StringComparer.Ordinal)];

    internal void Add(TopicName topic)
    {
        if (_topics.Count < MaxTopics)
            _topics[topic] = true;
    }

    internal void Remove(TopicName topic) => _topics.TryRemove(topic, out _);
}

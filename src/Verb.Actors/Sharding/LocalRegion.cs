using System.Collections.Concurrent;
using Verb.Actors.Kernel;
using Verb.Actors.Nodes;

namespace Verb.Actors.Sharding;

/// <summary>
/// A region whose entities all live on this node. An entity that passivates refuses what comes afterwards, and a fresh one takes it:
/// nothing is lost in between.
/// </summary>
/// <param name="system">Where the entities live.</param>
/// <param name="kind">What their paths begin with: <c>room</c>, <c>topic</c>, <c>user</c>.</param>
/// <param name="props">How an entity is made.</param>
/// <param name="inOrder">Whether what concerns many is told them in the order of their names: see <see cref="NodeOptions.InOrder"/>.</param>
internal sealed class LocalRegion<TKey, TMessage>(
    ActorSystem system, string kind, Func<TKey, Props<TMessage>> props, bool inOrder = false) : IShardRegion<TKey, TMessage>
    where TKey : notnull
{
    private readonly ConcurrentDictionary<TKey, Lazy<IActorRef<TMessage>>> _entities = new();

    /// <summary>How many entities are alive.</summary>
    public int Count => _entities.Count;

    /// <summary>The ids of the entities.</summary>
    public IEnumerable<TKey> Keys => _entities.Keys;

    /// <inheritdoc/>
    public TellResult Tell(TKey key, TMessage message, ShardEntry at) => Tell(key, message);

    /// <inheritdoc/>
    public TellResult Tell(TKey key, TMessage message)
    {
        while (true)
        {
            var entity = _entities.GetOrAdd(key, static (k, region) => new(() => region.Start(k)), this);
            try
            {
                var result = entity.Value.TryTell(message);
                if (result != TellResult.Stopped)
                    return result;
            }
            catch (ObjectDisposedException)
            {
                _entities.TryRemove(new(key, entity));
                return TellResult.Stopped; // The system is ending: nobody is started any more.
            }

            _entities.TryRemove(new(key, entity));
        }
    }

    /// <summary>The entity, or null where it was never started or is known to have ended; it may have ended all the same.</summary>
    public IActorRef<TMessage>? Find(TKey key) => _entities.TryGetValue(key, out var entity) ? entity.Value : null;

    /// <summary>Tells the entity only if it is alive.</summary>
    public void TellIfAlive(TKey key, TMessage message)
    {
        if (_entities.TryGetValue(key, out var entity))
            entity.Value.TryTell(message);
    }

    /// <summary>Tells the entities that are alive.</summary>
    public void TellAll(Func<TKey, bool> which, TMessage message)
    {
        foreach (var (_, entity) in Those(which))
            entity.Value.TryTell(message);
    }

    /// <summary>Whether one of the entities is alive.</summary>
    public bool AnyAlive(Func<TKey, bool> which)
    {
        foreach (var (key, _) in _entities)
        {
            if (which(key))
                return true;
        }

        return false;
    }

    /// <summary>Stops entities and forgets them: what comes afterwards starts others.</summary>
    public void StopAll(Func<TKey, bool> which)
    {
        foreach (var (key, entity) in Those(which))
        {
            _entities.TryRemove(new(key, entity));
            system.Stop(entity.Value);
        }
    }

    private IEnumerable<KeyValuePair<TKey, Lazy<IActorRef<TMessage>>>> Those(Func<TKey, bool> which)
    {
        var those = _entities.Where(entity => which(entity.Key));
        return inOrder ? those.OrderBy(entity => entity.Key.ToString(), StringComparer.Ordinal) : those;
    }

    private void Forget(TKey key, IActorRef<TMessage> entity)
    {
        if (_entities.TryGetValue(key, out var current) && current.IsValueCreated && ReferenceEquals(current.Value, entity))
            _entities.TryRemove(new(key, current));
    }

    private IActorRef<TMessage> Start(TKey key) =>
        system.Spawn(props(key) with { Ended = entity => Forget(key, entity) }, $"{kind}/{key}");
}

using Akka.Actor;
using Verb.Actors.Mailboxes;
using Verb.Actors.Sharding;

namespace Verb.Actors.Tests.Connections;

/// <summary>Stands for all entities of a kind: keeps what they are told, and never answers.</summary>
internal sealed class FakeRegion<TKey, TMessage> : IShardRegion<TKey>
{
    public List<TMessage> Told { get; } = [];

    /// <summary>By which picture each of them was told.</summary>
    public List<int> Versions { get; } = [];

    /// <summary>Whether they have no room.</summary>
    public bool IsFull { get; set; }

    /// <summary>Whether nobody knows where they are.</summary>
    public bool IsLost { get; set; }

    public ShardEntry At { get; set; } = ShardEntry.Alone;

    /// <summary>Told each time somebody is looked for.</summary>
    public Action Located { get; set; } = static () => { };

    public ShardEntry Locate(TKey key)
    {
        var at = At;
        Located();
        return at;
    }

    public bool Tell(TKey key, object message, ShardEntry at, IActorRef? sender = null)
    {
        if (IsLost)
            return false;
        if (IsFull)
        {
            ((IRefusable)message).Refuse(ActorRefs.Nobody, sender, Refusal.Busy);
        }
        else
        {
            Told.Add((TMessage)message);
            Versions.Add(at.Version);
        }

        return true;
    }
}

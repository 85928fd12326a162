using Verb.Actors.Kernel;
using Verb.Actors.Sharding;

namespace Verb.Actors.Tests.Connections;

/// <summary>Stands for all entities of a kind: keeps what they are told, and never answers.</summary>
internal sealed class FakeRegion<TKey, TMessage> : IShardRegion<TKey, TMessage>
{
    public List<TMessage> Told { get; } = [];

    /// <summary>By which picture each of them was told.</summary>
    public List<int> Versions { get; } = [];

    public TellResult Result { get; set; } = TellResult.Accepted;

    public ShardEntry At { get; set; } = ShardEntry.Alone;

    /// <summary>Told each time somebody is looked for.</summary>
    public Action Located { get; set; } = static () => { };

    public ShardEntry Locate(TKey key)
    {
        var at = At;
        Located();
        return at;
    }

    public TellResult Tell(TKey key, TMessage message, ShardEntry at)
    {
        if (Result == TellResult.Accepted)
        {
            Told.Add(message);
            Versions.Add(at.Version);
        }

        return Result;
    }
}

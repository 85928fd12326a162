using Verb.Actors.Kernel;
using Verb.Actors.Sharding;

namespace Verb.Actors.Tests.Connections;

/// <summary>Stands for all entities of a kind: keeps what they are told, and never answers.</summary>
internal sealed class FakeRegion<TKey, TMessage> : IShardRegion<TKey, TMessage>
{
    public List<TMessage> Told { get; } = [];

    public TellResult Result { get; set; } = TellResult.Accepted;

    public ShardEntry At { get; set; } = ShardEntry.Alone;

    public ShardEntry Locate(TKey key) => At;

    public TellResult Tell(TKey key, TMessage message, ShardEntry at)
    {
        if (Result == TellResult.Accepted)
            Told.Add(message);
        return Result;
    }
}

using Verb.Contracts;

namespace Verb.Actors.Sharding;

/// <summary>Which shard an entity belongs to: the same on every node and in every version, for it decides who may write.</summary>
internal static class Shards
{
    /// <summary>How many shards there are.</summary>
    public const int Count = 256;

    /// <summary>A room's shard.</summary>
    public static int Of(RoomId room) => Of("room/", room.Value);

    /// <summary>A topic's shard.</summary>
    public static int Of(TopicName topic) => Of("topic/", topic.Value);

    /// <summary>A user's shard.</summary>
    public static int Of(UserId user) => Of("user/", user.Value);

    private static int Of(string kind, string key) => (int)(StableHash.Add(StableHash.Of(kind), key) % Count);
}

namespace Verb.Actors.Sharding;

/// <summary>Who may write for a shard: every write carries it, and a store refuses one whose term has been overtaken.</summary>
/// <param name="Shard">The shard the written room or user belongs to.</param>
/// <param name="Term">Grows with every change of owner; a single node uses a fixed one. Clients never see it.</param>
public readonly record struct Fence(int Shard, long Term);

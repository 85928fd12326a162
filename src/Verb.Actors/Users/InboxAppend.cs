using Verb.Actors.Durability;
using Verb.Actors.Sharding;
using Verb.Contracts;

namespace Verb.Actors.Users;

/// <summary>One atomic write to a user's inbox.</summary>
/// <param name="User">Whose inbox.</param>
/// <param name="Fence">The writer's right to write.</param>
/// <param name="Item">The new item; its seq is above the inbox's last.</param>
/// <param name="Dedupe">What to remember with it; null for nothing.</param>
/// <param name="DropThroughSeq">Items up to here go unacknowledged, to keep the inbox in its bound; 0 drops nothing.</param>
public sealed record InboxAppend(UserId User, Fence Fence, InboxItem Item, DedupeEntry? Dedupe, long DropThroughSeq = 0);

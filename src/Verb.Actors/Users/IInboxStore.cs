using Verb.Actors.Durability;
using Verb.Actors.Sharding;
using Verb.Contracts;

namespace Verb.Actors.Users;

/// <summary>
/// Keeps users' inboxes and who has been here. Safe for concurrent use; writes for one user are made one after the other
/// by its owner. Every call may throw <see cref="StorageException"/>; a cancelled write may have been stored or not.
/// </summary>
public interface IInboxStore
{
    /// <summary>Loads a user. Terms below the fence's are refused from here on. Creates nothing.</summary>
    /// <param name="user">The user.</param>
    /// <param name="fence">The caller's right to write.</param>
    /// <param name="now">Entries of the dedupe window that expired by now are left out. Unix milliseconds.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>The user's record, <see cref="InboxRecord.Empty"/> for an unknown one, or null where the fence is lost.</returns>
    ValueTask<InboxRecord?> Open(UserId user, Fence fence, long now, CancellationToken cancellation);

    /// <summary>
    /// Remembers that the user is here: called when it connects, when its last connection ends, and every few hours between.
    /// An anonymous user not seen for 24 hours is forgotten with its inbox.
    /// </summary>
    /// <param name="user">The user.</param>
    /// <param name="fence">The caller's right to write.</param>
    /// <param name="at">When, Unix milliseconds.</param>
    /// <param name="anonymous">Whether this user may be forgotten.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    ValueTask<AppendResult> MarkSeen(UserId user, Fence fence, long at, bool anonymous, CancellationToken cancellation);

    /// <summary>Stores an item and its dedupe entry, and drops what the bound pushes out, in one transaction.</summary>
    /// <param name="append">What to write.</param>
    /// <param name="cancellation">Gives up waiting; a write that has not begun is withdrawn.</param>
    /// <exception cref="InvalidOperationException">The number is not above the inbox's last. Nothing was stored.</exception>
    ValueTask<AppendResult> Append(InboxAppend append, CancellationToken cancellation);

    /// <summary>Removes everything up to and with <paramref name="seq"/>; one already acknowledged changes nothing.</summary>
    /// <param name="user">The user.</param>
    /// <param name="fence">The caller's right to write.</param>
    /// <param name="seq">The highest number acknowledged, at most the inbox's last.</param>
    /// <param name="cancellation">Gives up waiting; a write that has not begun is withdrawn.</param>
    ValueTask<AppendResult> Ack(UserId user, Fence fence, long seq, CancellationToken cancellation);
}

using Verb.Actors.Delivery;
using Verb.Contracts;

namespace Verb.Actors.Connections;

/// <summary>What kind of thing waits for a socket: it decides what happens when there is no place.</summary>
internal enum OutboxKind
{
    /// <summary>A reply, replay or an event for this connection alone: always taken, paced by the reader gate.</summary>
    Reply,

    /// <summary>A room's numbered messages: replayed where they found no place.</summary>
    Numbered,

    /// <summary>A topic's update: the newest replaces the one that waits.</summary>
    Topic,

    /// <summary>An item of the inbox: always taken; of too many the oldest is dropped, as the inbox itself does.</summary>
    Inbox,

    /// <summary>Typing, presence, events and media: dropped where there is no place.</summary>
    Transient,
}

/// <summary>Something that waits for a socket.</summary>
/// <param name="Message">What to write.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Room">The room of numbered messages.</param>
/// <param name="LastSeq">The last number in it.</param>
/// <param name="Topic">The topic of an update.</param>
/// <param name="InboxSeq">The number of an inbox item, which is told when written; 0 for anything else.</param>
internal readonly record struct OutboxEntry(
    Outgoing Message, OutboxKind Kind, RoomId? Room = null, long LastSeq = 0, TopicName? Topic = null, long InboxSeq = 0)
{
    public int Bytes => Message.Bytes;

    public int Messages => Message.Count;
}

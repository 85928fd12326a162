using Akka.Actor;
using Verb.Actors.Connections;
using Verb.Actors.Durability;
using Verb.Actors.Mailboxes;
using Verb.Actors.Sharding;
using Verb.Contracts;

namespace Verb.Actors.Users;

/// <summary>What a user is told: by its connections, by those who send it something. A closed set.</summary>
internal abstract record UserMessage
{
    private UserMessage()
    {
    }

    /// <summary>A connection of this user begins; at most <paramref name="Limit"/> may be open, 0 for any number.</summary>
    /// <param name="Connection">The connection.</param>
    /// <param name="Anonymous">Whether the user may be forgotten.</param>
    /// <param name="Limit">How many connections the user may have.</param>
    /// <param name="Since">
    /// The connection was taken on before, by an owner that is no longer, and was told items up to this number: it is not refused. Null for a new one.
    /// </param>
    public sealed record Register(ConnectionId Connection, bool Anonymous, int Limit, long? Since = null) : UserMessage, IControlMessage;

    /// <summary>A node is dead, and its connections with it.</summary>
    public sealed record NodeGone(NodeId Node) : UserMessage, IControlMessage;

    /// <summary>A connection of this user ended.</summary>
    public sealed record Unregister(ConnectionId Connection) : UserMessage, IControlMessage;

    /// <summary>A connection that was asked answers: it is alive.</summary>
    public sealed record Alive(ConnectionId Connection) : UserMessage, IControlMessage;

    /// <summary>Something for the inbox. <paramref name="From"/> is null for the application.</summary>
    public sealed record Send(Caller Caller, User? From, ReadOnlyMemory<byte> Body, string? MessageId) : UserMessage, IRefusable
    {
        void IRefusable.Refuse(IActorRef receiver, IActorRef? sender, Refusal reason) => Caller.Refuse(sender, reason);
    }

    /// <summary>An inbox item was written to a socket.</summary>
    public sealed record Written(long Seq) : UserMessage, IControlMessage;

    /// <summary>The inbox is read up to and with <paramref name="Seq"/>.</summary>
    public sealed record Acknowledge(Caller Caller, long Seq) : UserMessage, IRefusable
    {
        void IRefusable.Refuse(IActorRef receiver, IActorRef? sender, Refusal reason) => Caller.Refuse(sender, reason);
    }

    /// <summary>Every connection of this user ends.</summary>
    public sealed record Kick(Caller Caller) : UserMessage, IControlMessage;

    /// <summary>The store gave the user; null: it did not.</summary>
    internal sealed record Opened(InboxRecord? Record) : UserMessage, IControlMessage;

    internal sealed record OpenFailed(Exception Cause) : UserMessage, IControlMessage;

    internal sealed record Stored(InboxItem Item, AppendResult Result) : UserMessage, IControlMessage;

    internal sealed record StoreFailed(long Seq, Exception Cause) : UserMessage, IControlMessage;

    internal sealed record Reopened(InboxRecord? Record) : UserMessage, IControlMessage;

    internal sealed record Acked(Caller Caller, long Seq, AppendResult Result) : UserMessage, IControlMessage;

    internal sealed record Marked(bool Done) : UserMessage, IControlMessage;

    internal sealed record ProbeOver : UserMessage;

    internal sealed record DeliveryOver(long Seq) : UserMessage;

    internal sealed record StillHere : UserMessage;
}

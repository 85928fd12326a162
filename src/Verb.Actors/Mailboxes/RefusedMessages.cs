using System.Collections.Concurrent;
using Akka.Actor;

namespace Verb.Actors.Mailboxes;

/// <summary>How many messages found a full mailbox and could not refuse themselves, by what the mailbox is called in the configuration.</summary>
public sealed class RefusedMessages : IExtension
{
    private readonly ConcurrentDictionary<string, Count> _counts = new(StringComparer.Ordinal);

    /// <summary>Those of a system.</summary>
    public static RefusedMessages Of(ActorSystem system) => system.WithExtension<RefusedMessages, Provider>();

    /// <summary>Those of one kind of mailbox.</summary>
    public Count By(string mailbox) => _counts.GetOrAdd(mailbox, static _ => new Count());

    /// <summary>A number that grows. Safe for concurrent use.</summary>
    public sealed class Count
    {
        private long _value;

        /// <summary>How many there were.</summary>
        public long Value => Interlocked.Read(ref _value);

        /// <summary>One more.</summary>
        public void Add() => Interlocked.Increment(ref _value);
    }

    private sealed class Provider : ExtensionIdProvider<RefusedMessages>
    {
        public override RefusedMessages CreateExtension(ExtendedActorSystem system) => new();
    }
}

using System.Text;
using Akka.Actor;
using Verb.Actors.Connections;
using Verb.Actors.Mailboxes;
using Verb.Actors.Rooms;
using Verb.Contracts;
using Verb.TestKit.Probes;

namespace Verb.Actors.Tests.Rooms;

/// <summary>What a connection is to a room: it tells commands and hears, in order, what the room's relay tells it.</summary>
internal sealed class RoomClient
{
    private readonly RoomWorld _world;
    private readonly Probe<ConnectionMessage> _probe;
    private readonly Mailbox _mailbox;
    private int _heard;

    public RoomClient(RoomWorld world, ConnectionId id, Identity identity)
    {
        _world = world;
        (Id, Identity) = (id, identity);
        _probe = world.System.Probe<ConnectionMessage>($"connection-{id.Number}");
        _mailbox = new Mailbox(_probe.Ref);
        world.Connections.Add(id, _mailbox);
    }

    public ConnectionId Id { get; }

    public Identity Identity { get; set; }

    public long LastCommand { get; private set; }

    /// <summary>All that came, a publisher's turns step by step.</summary>
    public IReadOnlyList<ConnectionMessage> Messages =>
        [.. _probe.Messages.SelectMany(message => message is ConnectionMessage.RoomTurn turn ? turn.Steps : [message])];

    /// <summary>What came since this was last asked, one line each.</summary>
    public IReadOnlyList<string> Heard()
    {
        var heard = Transcript.Of(_probe.Messages.Skip(_heard));
        _heard = _probe.Messages.Count;
        return heard;
    }

    public RoomClient Join(bool echo = false, Position? since = null) => Tell(from => new RoomMessage.Join(from, Identity, echo, since));

    /// <summary>Joins, and takes no notice of what that brings.</summary>
    public RoomClient Joined(bool echo = false)
    {
        Join(echo);
        Heard();
        return this;
    }

    public RoomClient Leave() => Tell(from => new RoomMessage.Leave(from));

    public RoomClient Chat(string text, string? messageId = null) =>
        Tell(from => new RoomMessage.Publish(from, Encoding.UTF8.GetBytes($"\"{text}\""), messageId, null));

    /// <summary>Chats <c>m1</c>, <c>m2</c> and so on, and lets the room take it all.</summary>
    public void ChatTimes(int count)
    {
        for (var i = 1; i <= count; i++)
            Chat($"m{i}");
        _world.System.Settle();
    }

    public RoomClient Typing() => Tell(from => new RoomMessage.Typing(from));

    public RoomClient Tell(Func<Caller.Member, RoomMessage> message)
    {
        _world.Rooms.Tell(_world.Room, message(new Caller.Member(Id, ++LastCommand)));
        return this;
    }

    public void CatchUp(Position since) => _world.Rooms.Tell(_world.Room, new RoomMessage.CatchUp(Id, since));

    /// <summary>The connection ends; without a close frame where it is lost.</summary>
    public void End(bool lost)
    {
        _world.Connections.Remove(Id);
        _world.Rooms.Tell(_world.Room, new RoomMessage.Gone(Id, lost));
    }

    /// <summary>Has the connection's mailbox behave as a full one, or not.</summary>
    public void Clog(bool full = true) => _mailbox.IsFull = full;

    private sealed class Mailbox(IActorRef inner) : MinimalActorRef
    {
        public bool IsFull { get; set; }

        public override ActorPath Path => inner.Path;

        public override IActorRefProvider Provider => ((IInternalActorRef)inner).Provider;

        protected override void TellInternal(object message, IActorRef sender)
        {
            if (IsFull && message is IRefusable refusable and not IControlMessage)
                refusable.Refuse(this, sender, Refusal.Busy);
            else if (!IsFull || message is IControlMessage)
                inner.Tell(message, sender);
        }
    }
}

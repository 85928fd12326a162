using Akka.Actor;
using Verb.Actors.Mailboxes;
using Verb.Actors.Nodes;
using Verb.Actors.Sharding;
using Verb.Contracts;

namespace Verb.Actors.Connections;

/// <summary>Who asked something of a room, a topic or a user, and which way the answer goes.</summary>
internal abstract record Caller
{
    private Caller()
    {
    }

    /// <summary>What was asked found no room: a connection hears it from <paramref name="sender"/>'s place, the application at once.</summary>
    /// <param name="sender">The connection, or who speaks for it here.</param>
    /// <param name="reason">Where the one who was asked has stopped nobody answers: it is asked again, or its time runs out.</param>
    public void Refuse(IActorRef? sender, Refusal reason)
    {
        if (reason != Refusal.Busy)
            return;
        if (this is Application application)
            application.ReplyTo.Reply(Answer.Refused(CommandError.Overloaded));
        else if (this is Member { Command: not 0 } member)
            sender?.Tell(new ConnectionMessage.Overloaded(member), ActorRefs.NoSender);
    }

    /// <summary>A connection. A room's answer travels through its node's relay, in the order of the room's messages.</summary>
    /// <param name="Connection">The connection.</param>
    /// <param name="Command">The connection's own running number of the command; 0 where it wants no answer.</param>
    public sealed record Member(ConnectionId Connection, long Command) : Caller;

    /// <summary>The HTTP API or the host application: answered directly; may do everything.</summary>
    public sealed record Application(IReplyTo<Answer> ReplyTo) : Caller;

    /// <summary>The application on another node, as it stands on the link; a node that receives it makes an <see cref="Application"/> of it.</summary>
    /// <param name="Node">The node that asks.</param>
    /// <param name="Ask">Its running number of the question.</param>
    public sealed record Remote(NodeId Node, long Ask) : Caller;
}

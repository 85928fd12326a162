using Verb.Contracts;

namespace Verb.Actors.Connections;

/// <summary>The way to a connection, on whichever node it is. What cannot be told any more is dropped: the connection is gone.</summary>
internal interface IConnections
{
    /// <summary>Tells the connection.</summary>
    void Tell(ConnectionId connection, ConnectionMessage message);

    /// <summary>Answers whoever asked: a connection by message, the application directly.</summary>
    void Answer(Caller caller, Answer answer)
    {
        switch (caller)
        {
            case Caller.Member member:
                Tell(member.Connection, new ConnectionMessage.Answered(member.Command, answer));
                break;
            case Caller.Application application:
                application.ReplyTo.Reply(answer);
                break;
        }
    }
}

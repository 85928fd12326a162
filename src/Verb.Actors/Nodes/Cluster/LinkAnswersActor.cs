using Akka.Actor;
using Verb.Actors.Connections;
using Verb.Actors.Sharding;
using Verb.Contracts;

namespace Verb.Actors.Nodes.Cluster;

/// <summary>Stands for the connections of other nodes where their commands find no room here: they hear it over the link.</summary>
internal sealed class LinkAnswersActor(INodeLinks links) : UntypedActor
{
    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        if (message is not ConnectionMessage.Overloaded { Caller: var caller })
            return;
        var answer = new ConnectionMessage.Answered(caller.Command, Answer.Refused(CommandError.Overloaded));
        links.Send(caller.Connection.Node, new NodeMessage.ToConnection(caller.Connection, answer));
    }
}

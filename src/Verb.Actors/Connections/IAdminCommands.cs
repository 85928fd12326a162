using Verb.Contracts;

namespace Verb.Actors.Connections;

/// <summary>What an admin may do through a connection: the caller has the role already.</summary>
internal interface IAdminCommands
{
    /// <summary>Runs the command: <c>stats</c>, <c>kick</c>, <c>close_room</c>, <c>broadcast</c>, <c>drain</c>.</summary>
    ValueTask<Answer> Run(Command.Admin command, CancellationToken cancellation);
}

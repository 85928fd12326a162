using Verb.Actors.Connections;
using Verb.Contracts;

namespace Verb.TestKit.Nodes;

/// <summary>Records the admin commands that came, and answers them.</summary>
public sealed class TestAdmin : IAdminCommands
{
    private readonly List<Command.Admin> _ran = [];

    /// <summary>What came, in order.</summary>
    public IReadOnlyList<Command.Admin> Ran => _ran;

    /// <summary>What the next ones are answered.</summary>
    public Answer Answer { get; set; } = Answer.Done;

    /// <inheritdoc/>
    public ValueTask<Answer> Run(Command.Admin command, CancellationToken cancellation)
    {
        _ran.Add(command);
        return new(Answer);
    }
}

namespace Verb.Contracts;

/// <summary>What a text frame turned out to be: a command, or a refusal with as much of its address as could be read.</summary>
/// <param name="Command">The command; null where it is refused.</param>
/// <param name="Error">The refusal; null where there is a command.</param>
/// <param name="Id">The refused command's id, where one could be read.</param>
/// <param name="Type">The refused command's type, where one could be read.</param>
public readonly record struct ParsedCommand(Command? Command, CommandError? Error, string? Id, string? Type)
{
    /// <summary>A command that keeps the rules.</summary>
    public static ParsedCommand Of(Command command) => new(command, null, command.Id, command.Type);

    /// <summary>A refused frame.</summary>
    public static ParsedCommand Refused(ErrorCode code, string message, string? id = null, string? type = null) =>
        new(null, new CommandError(code, message), id, type);
}

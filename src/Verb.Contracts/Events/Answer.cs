namespace Verb.Contracts;

/// <summary>How a command ended: with data or with a refusal, never both.</summary>
/// <param name="Body">The data; null where refused.</param>
/// <param name="Error">The refusal; null where done.</param>
public readonly record struct Answer(ReplyBody? Body, CommandError? Error)
{
    /// <summary>Whether the command was done.</summary>
    public bool IsSuccess => Error is null;

    /// <summary>Done, with this data.</summary>
    public static Answer Of(ReplyBody body) => new(body, null);

    /// <summary>Done, with nothing to say.</summary>
    public static Answer Done { get; } = new(ReplyBody.Empty.Instance, null);

    /// <summary>Refused.</summary>
    public static Answer Refused(CommandError error) => new(null, error);

    /// <summary>Refused, with a code and a sentence.</summary>
    public static Answer Refused(ErrorCode code, string message) => new(null, new CommandError(code, message));
}

namespace Verb.Actors.Files;

/// <summary>The answer to a file announced: a writer, or why there is none.</summary>
public abstract record FileBegin
{
    private FileBegin()
    {
    }

    /// <summary>The file is taken, its space reserved.</summary>
    /// <param name="Writer">Takes the bytes; the caller disposes it.</param>
    public sealed record Accepted(IFileWriter Writer) : FileBegin;

    /// <summary>The file is not taken.</summary>
    /// <param name="Reason">Why.</param>
    /// <param name="Message">One sentence for the client.</param>
    public sealed record Refused(FileRefusal Reason, string Message) : FileBegin;
}

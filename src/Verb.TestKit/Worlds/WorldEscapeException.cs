namespace Verb.TestKit.Worlds;

/// <summary>
/// Something that belongs to a <see cref="World"/> ran on another thread than the world's, so that its run is not the seed's alone. The message has the
/// stack of who did it.
/// </summary>
public sealed class WorldEscapeException : Exception
{
    /// <summary>Without a reason.</summary>
    public WorldEscapeException()
    {
    }

    /// <summary>With what escaped.</summary>
    public WorldEscapeException(string message)
        : base(message)
    {
    }

    /// <summary>With what escaped, and what came of it.</summary>
    public WorldEscapeException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

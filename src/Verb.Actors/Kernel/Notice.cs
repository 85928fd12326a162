namespace Verb.Actors.Kernel;

/// <summary>Something that is no message but has its place among them: a timer that fired, the end of a watched actor.</summary>
internal abstract class Notice
{
    public Notice? Next { get; set; }

    /// <summary>How many messages of the same array go before it.</summary>
    public int Position { get; set; }

    public sealed class Terminated(ActorCell actor) : Notice
    {
        public ActorCell Actor { get; } = actor;
    }
}

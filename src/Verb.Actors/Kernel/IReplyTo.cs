namespace Verb.Actors.Kernel;

/// <summary>Where an answer goes; messages carry it. An ask makes one, and <see cref="Replies"/> makes one of an actor's address.</summary>
/// <typeparam name="TReply">The answer.</typeparam>
public interface IReplyTo<in TReply>
{
    /// <summary>Hands over the answer and returns at once. Any thread may call it; of several answers to an ask the first counts.</summary>
    void Reply(TReply reply);
}

namespace Verb.Actors.Nodes;

/// <summary>Where an answer goes; messages carry it. Whoever asks from outside the actors makes one.</summary>
/// <typeparam name="TReply">The answer.</typeparam>
public interface IReplyTo<in TReply>
{
    /// <summary>Hands over the answer and returns at once. Any thread may call it; of several answers to an ask the first counts.</summary>
    void Reply(TReply reply);
}

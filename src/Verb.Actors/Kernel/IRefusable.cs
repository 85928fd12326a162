namespace Verb.Actors.Kernel;

/// <summary>A message that wants to know where it cannot be delivered, typically to answer its sender.</summary>
public interface IRefusable
{
    /// <summary>Called instead of counting a dead letter, on the teller's thread or the stopping actor's turn. Must not throw or block.</summary>
    void Refuse(Refusal reason);
}

namespace Verb.TestKit.Dispatching;

/// <summary>Brings the continuations of awaits back to the dispatcher, whoever completed what was awaited.</summary>
internal sealed class SeededContext(SeededDispatcher dispatcher) : SynchronizationContext
{
    public override void Post(SendOrPostCallback d, object? state) => dispatcher.Post(d, state);

    public override void Send(SendOrPostCallback d, object? state) => d(state);

    public override SynchronizationContext CreateCopy() => this;
}

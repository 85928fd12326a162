namespace Verb.Actors.Kernel;

/// <summary>One who waits for room in a mailbox.</summary>
internal sealed class TellWaiter<TMessage>(TMessage message)
    : TaskCompletionSource<TellResult>(TaskCreationOptions.RunContinuationsAsynchronously)
{
    public TMessage Message { get; } = message;

    public CancellationTokenRegistration Cancellation { get; set; }
}

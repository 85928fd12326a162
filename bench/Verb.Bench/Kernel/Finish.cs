namespace Verb.Bench.Kernel;

/// <summary>Tells when a number of messages has been handled.</summary>
internal sealed class Finish(int messages)
{
    private readonly TaskCompletionSource _done = new();
    private int _left = messages;

    /// <summary>For one handler, which runs one message at a time.</summary>
    public void Count(object message)
    {
        if (--_left == 0)
            _done.SetResult();
    }

    /// <summary>For many handlers at once.</summary>
    public void CountShared(object message)
    {
        if (Interlocked.Decrement(ref _left) == 0)
            _done.SetResult();
    }

    public void Wait() => _done.Task.Wait();
}

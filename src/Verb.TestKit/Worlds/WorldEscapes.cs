namespace Verb.TestKit.Worlds;

/// <summary>What other threads did in a world; the only part of it that they may touch.</summary>
internal sealed class WorldEscapes
{
    private const int MostKept = 5;

    private readonly Lock _gate = new();
    private readonly List<string> _kept = [];
    private volatile int _count;

    public int Count => _count;

    public void Add(string what)
    {
        var thread = Thread.CurrentThread;
        var kind = thread.IsThreadPoolThread ? "of the pool" : "of its own";
        var text = $"{what}, from thread {thread.ManagedThreadId} {kind}:\n{Environment.StackTrace}";
        lock (_gate)
        {
            _count++;
            if (_kept.Count < MostKept)
                _kept.Add(text);
        }
    }

    /// <summary>Throws where there were any; each is reported once.</summary>
    public void Throw(int seed)
    {
        if (_count == 0)
            return;
        lock (_gate)
        {
            var text = $"{_count} times something of this world (seed {seed}) ran outside of it: by Task.Run, Task.Delay, a real clock, "
                + $"ConfigureAwait(false) among actors or a thread of its own. It was dropped.\n{string.Join("\n", _kept)}";
            _count = 0;
            _kept.Clear();
            throw new WorldEscapeException(text);
        }
    }
}

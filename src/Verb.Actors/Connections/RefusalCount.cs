namespace Verb.Actors.Connections;

/// <summary>Counts a connection's refused commands: too many within a span are a flood. Pure.</summary>
internal sealed class RefusalCount(int limit)
{
    /// <summary>The span, in milliseconds.</summary>
    public const long Window = 10_000;

    private long _start;
    private int _count;

    /// <summary>Counts one at <paramref name="now"/>, steady milliseconds: true where it is a flood.</summary>
    public bool IsFlood(long now)
    {
        if (limit == 0)
            return false;
        if (now - _start >= Window)
        {
            _start = now;
            _count = 0;
        }

        return ++_count >= limit;
    }
}

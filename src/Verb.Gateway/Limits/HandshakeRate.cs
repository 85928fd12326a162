namespace Verb.Gateway.Limits;

/// <summary>
/// How many handshakes a second this node takes: <c>Verb:Limits:HandshakesPerSecond</c>, 0 = unlimited. Thread-safe. Those refused are asked
/// to come back spread over the seconds to come, so that a crowd does not return all at once.
/// </summary>
/// <param name="perSecond">The rate.</param>
/// <param name="clock">The time.</param>
/// <param name="random">Adds up to half of a wait, so that those who were refused together do not stay together.</param>
internal sealed class HandshakeRate(int perSecond, TimeProvider clock, Random random)
{
    /// <summary>Nobody is asked to wait for longer than this, in seconds.</summary>
    public const int LongestWait = 60;

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();

    /// <summary>When each of the last second's was taken: whatever second one looks at, it has no more than the rate.</summary>
    private readonly Queue<long> _taken = [];
    private double _asked;
    private long _askedAt = clock.GetTimestamp();

    /// <summary>Takes one handshake.</summary>
    /// <param name="retryAfter">Whole seconds, at least one: what <c>Retry-After</c> says where it is refused; 0 where it is taken.</param>
    public bool TryTake(out int retryAfter)
    {
        retryAfter = 0;
        if (perSecond == 0)
            return true;
        lock (_gate)
        {
            var now = clock.GetTimestamp();
            while (_taken.TryPeek(out var oldest) && clock.GetElapsedTime(oldest, now) >= Second)
                _taken.Dequeue();
            if (_taken.Count < perSecond)
            {
                _taken.Enqueue(now);
                return true;
            }

            retryAfter = Wait(now);
            return false;
        }
    }

    /// <summary>Each second takes as many of those asked to come back as the rate allows.</summary>
    private int Wait(long now)
    {
        _asked = Math.Max(0, _asked - (clock.GetElapsedTime(_askedAt, now).TotalSeconds * perSecond));
        _askedAt = now;
        var seconds = 1 + (int)Math.Min(_asked / perSecond, LongestWait - 1);
        _asked = Math.Min(_asked + 1, (double)LongestWait * perSecond);
        return Math.Min(LongestWait, seconds + random.Next(1 + (seconds / 2)));
    }
}

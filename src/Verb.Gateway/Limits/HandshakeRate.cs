using Verb.Actors.Connections;

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

    private readonly Lock _gate = new();
    private readonly TokenBucket _bucket = new(perSecond, perSecond, clock);
    private double _asked;
    private long _askedAt = clock.GetTimestamp();

    /// <summary>Takes one handshake.</summary>
    /// <param name="retryAfter">Whole seconds, at least one: what <c>Retry-After</c> says where it is refused; 0 where it is taken.</param>
    public bool TryTake(out int retryAfter)
    {
        lock (_gate)
        {
            if (_bucket.TryTake(1, out var delay))
            {
                retryAfter = 0;
                return true;
            }

            retryAfter = Math.Max(Wait(), (int)Math.Ceiling(delay.TotalSeconds));
            return false;
        }
    }

    /// <summary>Each second takes as many of those asked to come back as the rate allows.</summary>
    private int Wait()
    {
        var now = clock.GetTimestamp();
        _asked = Math.Max(0, _asked - (clock.GetElapsedTime(_askedAt, now).TotalSeconds * perSecond));
        _askedAt = now;
        var seconds = 1 + (int)Math.Min(_asked / perSecond, LongestWait - 1);
        _asked = Math.Min(_asked + 1, (double)LongestWait * perSecond);
        return Math.Min(LongestWait, seconds + random.Next(1 + (seconds / 2)));
    }
}

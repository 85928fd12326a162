using Verb.Actors.Connections;

namespace Verb.Gateway.Limits;

/// <summary>How many handshakes a second this node takes: <c>Verb:Limits:HandshakesPerSecond</c>, 0 = unlimited. Thread-safe.</summary>
internal sealed class HandshakeRate(int perSecond, TimeProvider clock)
{
    private readonly Lock _gate = new();
    private readonly TokenBucket _bucket = new(perSecond, perSecond, clock);
    private long _rejected;

    /// <summary>Handshakes ever refused because too many came at once.</summary>
    public long Rejected => Interlocked.Read(ref _rejected);

    /// <summary>Takes one handshake.</summary>
    /// <param name="retryAfter">Whole seconds, at least one: what <c>Retry-After</c> says where it is refused; 0 where it is taken.</param>
    public bool TryTake(out int retryAfter)
    {
        TimeSpan delay;
        lock (_gate)
        {
            if (_bucket.TryTake(1, out delay))
            {
                retryAfter = 0;
                return true;
            }
        }

        Interlocked.Increment(ref _rejected);
        retryAfter = Math.Max(1, (int)Math.Ceiling(delay.TotalSeconds));
        return false;
    }
}

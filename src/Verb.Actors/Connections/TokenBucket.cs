namespace Verb.Actors.Connections;

/// <summary>
/// Paces one stream of commands or bytes: a bucket that holds up to <c>burst</c> tokens and refills at a fixed rate.
/// It starts full and is not thread-safe: it belongs to one owner.
/// </summary>
internal sealed class TokenBucket
{
    private readonly double _perSecond;
    private readonly double _burst;
    private readonly TimeProvider _clock;
    private double _tokens;
    private long _filledAt;

    /// <summary>Creates a full bucket.</summary>
    /// <param name="perSecond">Tokens that come back each second; 0 = unlimited, every take succeeds.</param>
    /// <param name="burst">Tokens the full bucket holds; below one it is taken as <paramref name="perSecond"/>, and never less than one.</param>
    /// <param name="clock">The clock whose timestamps count.</param>
    public TokenBucket(double perSecond, double burst, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(clock);
        if (!double.IsFinite(perSecond) || perSecond < 0)
        {
            throw new ArgumentOutOfRangeException(nameof(perSecond), perSecond, "A rate is a finite number from 0.");
        }

        if (!double.IsFinite(burst) || burst < 0)
        {
            throw new ArgumentOutOfRangeException(nameof(burst), burst, "A burst is a finite number from 0.");
        }

        _perSecond = perSecond;
        _burst = Math.Max(burst < 1 ? perSecond : burst, 1);
        _clock = clock;
        _tokens = _burst;
        _filledAt = clock.GetTimestamp();
    }

    /// <summary>
    /// Takes tokens if they are there. A request for more than the bucket can ever hold is let through once the bucket is full and
    /// leaves it in debt, so that a large message is delayed in proportion and never refused for ever.
    /// </summary>
    /// <param name="tokens">How many; 0 or less always succeeds.</param>
    /// <param name="retryAfter">Zero on success, else how long until the same request would succeed.</param>
    /// <returns>Whether the tokens were taken. A refused request takes nothing.</returns>
    public bool TryTake(double tokens, out TimeSpan retryAfter)
    {
        retryAfter = TimeSpan.Zero;
        if (_perSecond == 0 || tokens <= 0)
        {
            return true;
        }

        Refill();
        var missing = Math.Min(tokens, _burst) - _tokens;
        if (missing <= Rounding)
        {
            _tokens -= tokens;
            return true;
        }

        retryAfter = Delay(missing);
        return false;
    }

    private void Refill()
    {
        var now = _clock.GetTimestamp();
        var elapsed = _clock.GetElapsedTime(_filledAt, now);
        if (elapsed <= TimeSpan.Zero)
        {
            return;
        }

        _tokens = Math.Min(_burst, _tokens + (elapsed.TotalSeconds * _perSecond));
        _filledAt = now;
    }

    private TimeSpan Delay(double missing)
    {
        var seconds = missing / _perSecond;
        return seconds < LongestDelay.TotalSeconds
            ? TimeSpan.FromTicks((long)Math.Ceiling(seconds * TimeSpan.TicksPerSecond))
            : LongestDelay;
    }

    // A refill of exactly the promised delay may be a few ulps short of the whole token.
    private const double Rounding = 1e-6;
    private static readonly TimeSpan LongestDelay = TimeSpan.FromDays(1);
}

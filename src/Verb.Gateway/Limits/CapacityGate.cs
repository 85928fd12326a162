namespace Verb.Gateway.Limits;

/// <summary>
/// How many connections this node holds: <c>Verb:Limits:Connections</c>, 0 = unlimited. Beyond it a connection hears <c>OVERLOADED</c> and
/// 1013. Thread-safe, exact: who is refused holds no place meanwhile that another could have had.
/// </summary>
internal sealed class CapacityGate(int most)
{
    private long _active;
    private long _accepted;
    private long _rejected;

    /// <summary>Connections held now.</summary>
    public long Active => Interlocked.Read(ref _active);

    /// <summary>Connections ever taken.</summary>
    public long Accepted => Interlocked.Read(ref _accepted);

    /// <summary>Connections ever refused for want of room.</summary>
    public long Rejected => Interlocked.Read(ref _rejected);

    /// <summary>Counts a connection in; each success needs one <see cref="Leave"/>.</summary>
    public bool TryEnter()
    {
        var active = Active;
        while (most == 0 || active < most)
        {
            var seen = Interlocked.CompareExchange(ref _active, active + 1, active);
            if (seen == active)
            {
                Interlocked.Increment(ref _accepted);
                return true;
            }

            active = seen;
        }

        Interlocked.Increment(ref _rejected);
        return false;
    }

    /// <summary>Counts a connection as refused that was counted in: the web server itself had no room for it.</summary>
    public void Refuse()
    {
        Interlocked.Decrement(ref _active);
        Interlocked.Decrement(ref _accepted);
        Interlocked.Increment(ref _rejected);
    }

    /// <summary>Counts a connection out.</summary>
    public void Leave() => Interlocked.Decrement(ref _active);
}

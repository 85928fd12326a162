namespace Verb.Cluster.Links;

/// <summary>How long to wait before the next attempt: twice as long each time, up to a bound, at random between half and all of it. Pure.</summary>
internal sealed class BackOff(TimeSpan first, TimeSpan most)
{
    private int _failed;

    /// <summary>The wait; <paramref name="draw"/> is from 0 to 1.</summary>
    public TimeSpan Next(double draw)
    {
        var longest = first * Math.Pow(2, _failed);
        if (longest < most)
            _failed++;
        else
            longest = most;
        return longest * (0.5 + (draw / 2));
    }

    /// <summary>The last attempt went well.</summary>
    public void Reset() => _failed = 0;
}

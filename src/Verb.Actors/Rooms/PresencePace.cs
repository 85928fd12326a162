namespace Verb.Actors.Rooms;

/// <summary>
/// Whether a room tells single joins and leaves, or is so large or so busy that it tells only how many users it has, at most once a second. Pure.
/// </summary>
internal sealed class PresencePace
{
    /// <summary>Above this many members single joins and leaves are not told.</summary>
    public const int MaxMembers = 256;

    /// <summary>Above this many changes within a second neither.</summary>
    public const int MaxChangesPerSecond = 50;

    /// <summary>The span that changes are counted over, and the least time between two counts told, in milliseconds.</summary>
    public const long Window = 1000;

    private long _windowStart = long.MinValue / 2;
    private int _changes;

    /// <summary>Counts a join or a leave at <paramref name="now"/>, steady milliseconds: true where it is told by itself.</summary>
    public bool TellsSingly(long now, int members)
    {
        if (now - _windowStart >= Window)
        {
            _windowStart = now;
            _changes = 0;
        }

        _changes++;
        return members <= MaxMembers && _changes <= MaxChangesPerSecond;
    }
}

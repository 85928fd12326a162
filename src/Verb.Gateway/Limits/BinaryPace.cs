using Verb.Actors.Connections;

namespace Verb.Gateway.Limits;

/// <summary>
/// How fast a connection's binary frames may come: by their bytes and by their number, whole files as slowly as commands. Beyond it the reader
/// waits, which costs nobody a frame. It belongs to the reader.
/// </summary>
internal sealed class BinaryPace(LimitOptions limits, TimeProvider clock)
{
    private static readonly TimeSpan Window = TimeSpan.FromMilliseconds(RefusalCount.Window);
    private static readonly TimeSpan MostHeld = Window * 0.8;

    private readonly TokenBucket _bytes = new(limits.BinaryBytesPerSecond, limits.BinaryBytesPerSecond, clock);
    private readonly TokenBucket _frames = new(limits.BinaryFramesPerSecond, 2.0 * limits.BinaryFramesPerSecond, clock);
    private readonly TokenBucket _files = new(limits.CommandsPerSecond, limits.Burst, clock);
    private long _windowStart = clock.GetTimestamp();
    private TimeSpan _held;

    public bool TryTakeBytes(long bytes, out TimeSpan wait) => _bytes.TryTake(bytes, out wait);

    public bool TryTakeFile(out TimeSpan wait) => _files.TryTake(1, out wait);

    public bool TryTakeFrame(out TimeSpan wait) => _frames.TryTake(1, out wait);

    /// <summary>
    /// Notes how long a frame had to wait for its turn: true where the sender was held back for most of a window. A backlog that a bad network
    /// let go at once is worked off long before.
    /// </summary>
    public bool IsFlood(TimeSpan held)
    {
        if (limits.RefusedCommands == 0)
            return false;
        if (clock.GetElapsedTime(_windowStart) >= Window)
        {
            _windowStart = clock.GetTimestamp();
            _held = TimeSpan.Zero;
        }

        _held += held;
        return _held >= MostHeld;
    }
}

using Verb.Contracts;

namespace Verb.Actors.Connections;

/// <summary>A connection's commands that are not answered yet, by their running number. Pure.</summary>
internal sealed class PendingCommands
{
    /// <summary>How many may be open; then the reader waits.</summary>
    public const int Limit = 128;

    /// <summary>How long a command may take; then it is answered <c>TIMEOUT</c>.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private readonly Dictionary<long, Pending> _pending = [];
    private long _last;

    public int Count => _pending.Count;

    /// <summary>Remembers a command until it is answered.</summary>
    public long Add(Command command, long now)
    {
        _pending[++_last] = new Pending(
            command.Id, command.Type, now + (long)Timeout.TotalMilliseconds, command is Command.JoinRoom join ? join.Room : null);
        return _last;
    }

    /// <summary>Takes a command that is answered; null where it was answered before, or was none of the client's.</summary>
    public Pending? Take(long number) => _pending.Remove(number, out var pending) ? pending : null;

    /// <summary>Takes what is overdue.</summary>
    public IReadOnlyList<Pending> TakeOverdue(long now)
    {
        List<Pending> overdue = [];
        foreach (var (number, pending) in _pending)
        {
            if (pending.Deadline > now)
                continue;
            overdue.Add(pending);
            _pending.Remove(number);
        }

        return overdue;
    }

    internal sealed record Pending(string? Id, string Type, long Deadline, RoomId? Joining);
}

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

    /// <summary>How many of them are answered with history: joins and readings of it.</summary>
    public int Replays { get; private set; }

    /// <summary>Remembers a command until it is answered.</summary>
    public long Add(Command command, long now)
    {
        var pending = new Pending(
            command.Id,
            command.Type,
            DeadlineFrom(now),
            command is Command.JoinRoom join ? join.Room : null,
            command is Command.JoinRoom or Command.History);
        _pending[++_last] = pending;
        CountReplay(pending, 1);
        return _last;
    }

    /// <summary>Takes a command that is answered; null where it was answered before, or was none of the client's.</summary>
    public Pending? Take(long number)
    {
        if (!_pending.Remove(number, out var pending))
            return null;
        CountReplay(pending, -1);
        return pending;
    }

    /// <summary>Gives a command its whole time again: what it waits for goes on.</summary>
    public void Extend(long number, long now)
    {
        if (_pending.TryGetValue(number, out var pending))
            pending.Deadline = DeadlineFrom(now);
    }

    /// <summary>Takes what is overdue.</summary>
    public IReadOnlyList<Pending> TakeOverdue(long now)
    {
        List<Pending> overdue = [];
        foreach (var (number, pending) in _pending)
        {
            if (pending.Deadline > now)
                continue;
            overdue.Add(pending);
            Take(number);
        }

        return overdue;
    }

    /// <summary>What was asked of somebody and is not answered yet, in the order it was asked.</summary>
    public IReadOnlyList<(long Number, Pending Command)> Errands() =>
        [.. _pending.Where(pair => pair.Value.Errand is not null).OrderBy(pair => pair.Key).Select(pair => (pair.Key, pair.Value))];

    /// <summary>The command that waits under a number; null where none does.</summary>
    public Pending? Find(long number) => _pending.GetValueOrDefault(number);

    private static long DeadlineFrom(long now) => now + (long)Timeout.TotalMilliseconds;

    private void CountReplay(Pending pending, int change) => Replays += pending.IsReplay ? change : 0;

    internal sealed record Pending(string? Id, string Type, long Deadline, RoomId? Joining, bool IsReplay)
    {
        /// <summary>When it is answered <c>TIMEOUT</c>.</summary>
        public long Deadline { get; set; } = Deadline;

        /// <summary>What was asked of whom; null where the connection does it itself.</summary>
        public Errand? Errand { get; set; }

        /// <summary>The version of the shard by which it was asked.</summary>
        public int Version { get; set; }

        /// <summary>Whether it was sent: then it may have been done.</summary>
        public bool WasSent { get; set; }

        /// <summary>Whether it was asked again although it may have been done.</summary>
        public bool WasRepeated { get; set; }
    }
}

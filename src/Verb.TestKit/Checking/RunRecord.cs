namespace Verb.TestKit.Checking;

/// <summary>
/// What the clients of a run sent and saw, checked as it comes as far as that is possible; <see cref="HistoryChecker"/> checks the rest
/// against what is left at the end. May be told by several threads at once. It knows nothing of how the clients are connected.
/// </summary>
internal sealed class RunRecord
{
    /// <summary>As many as are kept: what follows the first one is seldom worth reading.</summary>
    private const int MostViolations = 50;

    private readonly Lock _gate = new();
    private readonly List<Violation> _violations = [];
    private readonly List<ClientRecord> _clients = [];
    private readonly Dictionary<(string Place, string Sender, string MessageId), SentMessage> _published = [];
    private readonly Dictionary<(string Place, string Sender, string MessageId), SentMessage> _private = [];
    private readonly Dictionary<(string Room, string Epoch, long Seq), (string Sender, string MessageId)> _numbered = [];
    private readonly Dictionary<(string Room, string Epoch, string Sender, string MessageId), long> _numbers = [];
    private readonly Dictionary<(string User, string Sender, string MessageId), long> _inboxNumbers = [];

    /// <summary>Rooms that may lose what they acknowledged, and begin another epoch then: those that are not durable. Default none.</summary>
    public Func<string, bool> MayForget { get; init; } = static _ => false;

    /// <summary>Called with each violation as it is found.</summary>
    public Action<Violation>? Found { get; set; }

    /// <summary>What was found so far.</summary>
    public IReadOnlyList<Violation> Violations
    {
        get
        {
            lock (_gate)
                return [.. _violations];
        }
    }

    /// <summary>The clients of the run.</summary>
    public IReadOnlyList<ClientRecord> Clients
    {
        get
        {
            lock (_gate)
                return [.. _clients];
        }
    }

    /// <summary>What was published to rooms.</summary>
    public IReadOnlyList<SentMessage> Published
    {
        get
        {
            lock (_gate)
                return [.. _published.Values];
        }
    }

    /// <summary>What was left in inboxes.</summary>
    public IReadOnlyList<SentMessage> Private
    {
        get
        {
            lock (_gate)
                return [.. _private.Values];
        }
    }

    /// <summary>A client of the run: one user's one device, over all its connections.</summary>
    public ClientRecord Client(string user)
    {
        var client = new ClientRecord(this, user);
        lock (_gate)
            _clients.Add(client);
        return client;
    }

    /// <summary>Says what is wrong.</summary>
    public void Report(ViolationKind kind, string text)
    {
        var violation = new Violation(kind, text);
        lock (_gate)
        {
            if (_violations.Count == MostViolations)
                return;
            _violations.Add(violation);
        }

        Found?.Invoke(violation);
    }

    internal SentMessage Publishing(string room, string sender, string messageId, long at) => Sending(_published, room, sender, messageId, at);

    internal SentMessage Whispering(string user, string sender, string messageId, long at) => Sending(_private, user, sender, messageId, at);

    internal void Acknowledged(SentMessage message, string epoch, long seq, long at)
    {
        lock (_gate)
        {
            if (message.AckedAt is null)
            {
                (message.AckedAt, message.Epoch, message.Seq) = (at, epoch, seq);
                if (epoch.Length == 0)
                    return;
            }
        }

        if ((message.Epoch, message.Seq) != (epoch, seq) && !MayForget(message.Place))
            Report(ViolationKind.Duplicate, $"{message} in '{message.Place}' was acknowledged as {message.Epoch}/{message.Seq} and as {epoch}/{seq}");
        if (epoch.Length > 0)
            Number(message.Place, epoch, seq, message.Sender, message.MessageId, message.Sender);
    }

    /// <summary>Somebody saw this message under this number: everybody sees the same there, and sees it nowhere else.</summary>
    internal void Number(string room, string epoch, long seq, string sender, string messageId, string seenBy)
    {
        (string Sender, string MessageId) other;
        long elsewhere;
        bool known;
        lock (_gate)
        {
            if (!_numbered.TryAdd((room, epoch, seq), (sender, messageId)))
                other = _numbered[(room, epoch, seq)];
            else
                other = (sender, messageId);
            if (!_numbers.TryAdd((room, epoch, sender, messageId), seq))
                elsewhere = _numbers[(room, epoch, sender, messageId)];
            else
                elsewhere = seq;
            known = _published.ContainsKey((room, sender, messageId));
        }

        if (other != (sender, messageId))
            Report(ViolationKind.Conflict, $"'{room}' {epoch}/{seq} is {sender}'s '{messageId}' to {seenBy}, and {other.Sender}'s '{other.MessageId}' to others");
        if (elsewhere != seq)
            Report(ViolationKind.Duplicate, $"{sender}'s '{messageId}' in '{room}' stands at {epoch}/{elsewhere} and at {seq} (seen by {seenBy})");
        if (!known)
            Report(ViolationKind.Stray, $"{seenBy} saw {sender}'s '{messageId}' in '{room}', which nobody sent there");
    }

    /// <summary>A message came to a user's inbox under this number: it has no other.</summary>
    internal void InboxNumber(string user, long seq, string sender, string messageId)
    {
        long elsewhere;
        bool known;
        lock (_gate)
        {
            if (!_inboxNumbers.TryAdd((user, sender, messageId), seq))
                elsewhere = _inboxNumbers[(user, sender, messageId)];
            else
                elsewhere = seq;
            known = _private.ContainsKey((user, sender, messageId));
        }

        if (elsewhere != seq)
            Report(ViolationKind.Duplicate, $"{sender}'s '{messageId}' stands at {elsewhere} and at {seq} in {user}'s inbox");
        if (!known)
            Report(ViolationKind.Stray, $"{user} has {sender}'s '{messageId}' in the inbox, which nobody sent");
    }

    private SentMessage Sending(
        Dictionary<(string Place, string Sender, string MessageId), SentMessage> sent, string place, string sender, string messageId, long at)
    {
        lock (_gate)
        {
            if (!sent.TryGetValue((place, sender, messageId), out var message))
                sent[(place, sender, messageId)] = message = new SentMessage(place, sender, messageId) { SentAt = at };
            return message;
        }
    }
}

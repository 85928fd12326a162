using System.Text.Json;
using Verb.TestKit.Nodes;

namespace Verb.TestKit.Checking;

/// <summary>
/// What a member sees of a room, in the order it came: from a join on every number once, without a gap. One that asked for no <c>echo</c>
/// knows its own messages by their replies, and does not hear as live what it sent on the same connection.
/// </summary>
internal sealed class RoomStream(RunRecord run, string client, string room)
{
    private readonly Queue<(string Epoch, long Seq)?> _joining = new();
    private readonly HashSet<(string Epoch, long Seq)> _own = [];
    private readonly SortedSet<(string Epoch, long Seq)> _skipped = [];
    private readonly HashSet<string> _sent = [];
    private readonly HashSet<string> _sentHere = [];

    /// <summary>Whether the hub has let it in.</summary>
    public bool IsIn { get; private set; }

    /// <summary>The lineage of what it saw last; empty before the first join.</summary>
    public string Epoch { get; private set; } = "";

    /// <summary>The number it saw last: what a <c>since</c> names.</summary>
    public long Seq { get; private set; }

    /// <summary>Whether it asked to hear its own messages, too.</summary>
    public bool Echo { get; private set; } = true;

    /// <summary>The numbers it never saw: each must be that of a message it sent itself, whose reply it may have missed.</summary>
    public IEnumerable<(string Epoch, long Seq)> Skipped => _skipped.Except(_own);

    /// <summary>The first history after a join without <c>since</c>, or after a loss that was admitted: it begins where it begins.</summary>
    private bool BeginsAnywhere { get; set; }

    private long JoinedSeq { get; set; }

    public void Joining((string Epoch, long Seq)? since, bool echo)
    {
        _joining.Enqueue(since);
        Echo = echo;
    }

    /// <summary>It sends a message there.</summary>
    public void Sends(string messageId)
    {
        if (_sent.Add(messageId))
            _sentHere.Add(messageId);
    }

    /// <summary>Whether it ever sent this there.</summary>
    public bool HasSent(string messageId) => _sent.Contains(messageId);

    /// <summary>The reply to a message of its own.</summary>
    public void Own(string epoch, long seq)
    {
        _own.Add((epoch, seq));
        if (!Echo && IsIn)
            PassOwn();
    }

    public void Refused() => _joining.TryDequeue(out _);

    public void Joined(JsonElement frame)
    {
        var epoch = frame.Text("epoch");
        var recovered = frame.TryGetProperty("recovered", out var said) ? said.GetBoolean() : (bool?)null;
        if (_joining.TryDequeue(out var since))
        {
            if (since is not { } position)
                (Epoch, BeginsAnywhere) = (epoch, true);
            else if (recovered == true && position.Epoch != epoch)
                run.Report(ViolationKind.HistoryLost, $"{this} names {position.Epoch}/{position.Seq} and recovers it in epoch {epoch}");
            else if (recovered == true)
                Seq = position.Seq;
            else
                Forgotten(epoch, position.Seq, $"joined since {position.Epoch}/{position.Seq}");
        }
        else if (!IsIn)
        {
            run.Report(ViolationKind.Stray, $"{this} is let in and did not ask for it");
        }

        IsIn = true;
        JoinedSeq = frame.Number("seq");
    }

    public void History(JsonElement frame)
    {
        if (!IsIn)
            run.Report(ViolationKind.Stray, $"{this} is sent history and is not in the room");
        var epoch = frame.Text("epoch");
        var messages = frame.GetProperty("messages");
        if (frame.TryGetProperty("recovered", out var recovered) && !recovered.GetBoolean() && !BeginsAnywhere)
            Forgotten(epoch, Seq, $"was replayed after {Epoch}/{Seq}");
        if (BeginsAnywhere)
        {
            BeginsAnywhere = false;
            Seq = messages.GetArrayLength() > 0 ? messages[0].Number("seq") - 1 : JoinedSeq;
        }

        foreach (var message in messages.EnumerateArray())
            See(epoch, message);
    }

    public void Chat(JsonElement frame)
    {
        if (!IsIn)
            run.Report(ViolationKind.Stray, $"{this} hears {frame.Number("seq")} and is not in the room");
        if (!Echo && _sentHere.Contains(frame.Text("messageId")))
            run.Report(ViolationKind.Stray, $"{this} hears its own {frame.Text("messageId")} and wants no echo");
        See(frame.Text("epoch"), frame);
    }

    /// <summary>It is out, by its own will or the hub's.</summary>
    public void Left() => IsIn = false;

    /// <summary>Its connection is gone.</summary>
    public void Disconnected()
    {
        IsIn = false;
        _joining.Clear();
        _sentHere.Clear();
    }

    /// <inheritdoc/>
    public override string ToString() => $"{client} in '{room}'";

    private void See(string epoch, JsonElement message)
    {
        var seq = message.Number("seq");
        run.Number(room, epoch, seq, message.GetProperty("user").Text("id"), message.Text("messageId"), client);
        if (epoch != Epoch)
            run.Report(ViolationKind.HistoryLost, $"{this} hears {epoch}/{seq} behind {Epoch}/{Seq}");
        else if (seq <= Seq && !Echo && _own.Contains((epoch, seq)))
            return; // Its own, known by the reply: it is replayed, or was sent on an earlier connection, too.
        else if (seq <= Seq)
            run.Report(ViolationKind.Duplicate, $"{this} hears {seq} behind {Seq}");
        else if (seq > Seq + 1 && Echo)
            run.Report(ViolationKind.Gap, $"{this} hears {seq} behind {Seq}");
        for (var skipped = Seq + 1; !Echo && epoch == Epoch && skipped < seq; skipped++)
            _skipped.Add((epoch, skipped));
        (Epoch, Seq) = (epoch, epoch == Epoch ? Math.Max(seq, Seq) : seq);
        PassOwn();
    }

    /// <summary>What comes next and is its own, it knows.</summary>
    private void PassOwn()
    {
        while (!Echo && !BeginsAnywhere && _own.Contains((Epoch, Seq + 1)))
            Seq++;
    }

    /// <summary>What it saw up to this number goes on no more. A durable room may be forgotten only before anything is published in it.</summary>
    private void Forgotten(string epoch, long seq, string how)
    {
        if (seq > 0 && !run.MayForget(room))
            run.Report(ViolationKind.HistoryLost, $"{this} {how} and is told recovered:false");
        (Epoch, BeginsAnywhere) = (epoch, true);
    }
}

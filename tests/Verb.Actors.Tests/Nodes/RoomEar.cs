using System.Text.Json;
using Verb.TestKit.Nodes;

namespace Verb.Actors.Tests.Nodes;

/// <summary>What one user hears of one room, over all its connections: checks that nothing is missing, nothing comes twice, all in order.</summary>
internal sealed class RoomEar(bool echo)
{
    private readonly HashSet<long> _own = [];
    private readonly Queue<long> _joins = new();
    private bool _resets;

    public bool IsIn { get; private set; }

    public string Epoch { get; private set; } = "";

    /// <summary>The last number heard.</summary>
    public long Cursor { get; private set; }

    /// <summary>It asks to come in, with what it has heard so far; more may be on the way from its last stay.</summary>
    public void Joins() => _joins.Enqueue(Cursor);

    public void Disconnected()
    {
        IsIn = false;
        _joins.Clear();
    }

    /// <summary>Takes a frame; what is wrong with it, or null.</summary>
    public string? Hear(JsonElement frame)
    {
        switch (frame.Type())
        {
            case "joined_room":
                IsIn = true;
                _resets = !frame.Has("recovered");
                Epoch = frame.Text("epoch");
                var since = _joins.Dequeue();
                Cursor = _resets ? frame.Number("seq") : since;
                return frame.Has("recovered") && !frame.GetProperty("recovered").GetBoolean() ? "not recovered" : null;
            case "left_room":
                IsIn = false;
                return null;
            case "message_history":
                return HearHistory(frame);
            case "chat":
                return !IsIn ? "live, but not in the room" : Advance(frame.Number("seq"));
            default:
                return null;
        }
    }

    /// <summary>The reply to its own message.</summary>
    public string? HearReply(long seq)
    {
        if (echo)
            return null; // Its place is the message's own.
        _own.Add(seq);
        if (IsIn && seq == Cursor + 1)
            Cursor = seq;
        return null;
    }

    private string? HearHistory(JsonElement frame)
    {
        if (frame.Has("recovered") && !frame.GetProperty("recovered").GetBoolean())
            return "history not recovered";
        var seqs = frame.Seqs();
        if (_resets)
        {
            _resets = false;
            for (var i = 1; i < seqs.Count; i++)
            {
                if (seqs[i] != seqs[i - 1] + 1)
                    return "a gap in the first history";
            }

            return seqs.Count > 0 && seqs[^1] != Cursor ? "the first history does not end where the room is" : null;
        }

        foreach (var seq in seqs)
        {
            if (seq <= Cursor && _own.Contains(seq))
                continue; // Its own message, known by its reply.
            if (Advance(seq) is { } wrong)
                return $"history: {wrong}";
        }

        return null;
    }

    private string? Advance(long seq)
    {
        if (seq != Cursor + 1)
            return $"{seq} after {Cursor}";
        Cursor = seq;
        return null;
    }
}

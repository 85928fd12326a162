namespace Verb.TestKit.Checking;

/// <summary>
/// Judges a run at its end, when faults are over and all is quiet: what clients were told against what the hub holds. The record has found
/// already what could be found on the way.
/// </summary>
internal static class HistoryChecker
{
    /// <summary>Everything that is wrong with the run.</summary>
    /// <param name="run">What the clients sent and saw.</param>
    /// <param name="rooms">Every room they used.</param>
    public static IReadOnlyList<Violation> Check(RunRecord run, IReadOnlyCollection<RoomTruth> rooms)
    {
        foreach (var room in rooms)
        {
            CheckHistory(run, room);
            CheckMembers(run, room);
            CheckSkipped(run, room);
        }

        foreach (var sent in run.Published.GroupBy(sent => sent.Place))
        {
            if (rooms.FirstOrDefault(room => room.Room == sent.Key) is { } room)
                CheckAcknowledged(run, room, [.. sent]);
            else if (sent.Any(message => message.AckedAt is not null))
                run.Report(ViolationKind.Lost, $"nobody says what room '{sent.Key}' holds");
        }

        CheckInboxes(run);
        foreach (var client in run.Clients.Where(client => client.IsConnected))
        {
            foreach (var id in client.Unanswered)
                run.Report(ViolationKind.Stuck, $"{client.User}'s command {id} has no answer");
        }

        return run.Violations;
    }

    private static void CheckHistory(RunRecord run, RoomTruth room)
    {
        var last = 0L;
        foreach (var (seq, sender, messageId) in room.Messages)
        {
            if (seq != last + 1)
                run.Report(ViolationKind.Gap, $"the history of '{room.Room}' has {seq} behind {last}");
            last = seq;
            run.Number(room.Room, room.Epoch, seq, sender, messageId, "its history");
        }
    }

    private static void CheckAcknowledged(RunRecord run, RoomTruth room, IReadOnlyList<SentMessage> sent)
    {
        var acked = sent.Where(message => message.AckedAt is not null && (message.Epoch == room.Epoch || !run.MayForget(room.Room))).ToList();
        var held = room.Messages.ToDictionary(message => message.Seq);
        foreach (var message in acked)
        {
            var isHeld = message.Epoch == room.Epoch && held.TryGetValue(message.Seq, out var found)
                && (found.Sender, found.MessageId) == (message.Sender, message.MessageId);
            if (!isHeld)
                run.Report(ViolationKind.Lost, $"{message} was acknowledged as {message.Epoch}/{message.Seq} of '{room.Room}', and is not there");
        }

        CheckOrder(run, acked);
    }

    /// <summary>What was sent after an acknowledgement stands behind what was acknowledged.</summary>
    private static void CheckOrder(RunRecord run, IReadOnlyList<SentMessage> acked)
    {
        foreach (var epoch in acked.GroupBy(message => message.Epoch))
        {
            SentMessage? latest = null; // Of those acknowledged before the message in hand was sent, the one with the highest number.
            using var acknowledged = epoch.OrderBy(message => message.AckedAt).GetEnumerator();
            var more = acknowledged.MoveNext();
            foreach (var message in epoch.OrderBy(message => message.SentAt))
            {
                for (; more && acknowledged.Current.AckedAt < message.SentAt; more = acknowledged.MoveNext())
                    latest = latest is null || acknowledged.Current.Seq > latest.Seq ? acknowledged.Current : latest;
                if (latest is not null && latest.Seq > message.Seq)
                    run.Report(ViolationKind.Reorder, $"{message} of '{message.Place}' stands at {message.Seq}, before {latest} at {latest.Seq}, which was acknowledged before it was sent");
            }
        }
    }

    /// <summary>Who is in the room is named as a member, and nobody else; and who is in it has seen all of it.</summary>
    private static void CheckMembers(RunRecord run, RoomTruth room)
    {
        var here = run.Clients.Where(client => client.IsConnected && client.Rooms.Contains(room.Room)).ToList();
        foreach (var client in here)
        {
            var stream = client.Room(room.Room);
            if (stream.Epoch != room.Epoch || stream.Seq != room.LastSeq)
                run.Report(ViolationKind.Lost, $"{stream} has seen up to {stream.Epoch}/{stream.Seq} of {room.Epoch}/{room.LastSeq}");
        }

        if (room.Members is not { } members)
            return;
        var users = here.Select(client => client.User).ToHashSet();
        foreach (var user in members.Where(user => !users.Contains(user)))
            run.Report(ViolationKind.Ghost, $"{user} is named as a member of '{room.Room}' and is not there");
        foreach (var user in users.Where(user => !members.Contains(user)))
            run.Report(ViolationKind.Missing, $"{user} is in '{room.Room}' and is not named as a member");
    }

    /// <summary>Who wants no echo is told neither its own messages nor, where a reply was lost, which they are: but it misses no other.</summary>
    private static void CheckSkipped(RunRecord run, RoomTruth room)
    {
        var ids = room.Messages.ToDictionary(message => (room.Epoch, message.Seq), message => message.MessageId);
        foreach (var stream in run.Clients.Select(client => client.Room(room.Room)))
        {
            foreach (var skipped in stream.Skipped.Where(skipped => !ids.TryGetValue(skipped, out var id) || !stream.HasSent(id)))
                run.Report(ViolationKind.Gap, $"{stream} never saw {skipped.Epoch}/{skipped.Seq}");
        }
    }

    /// <summary>What was acknowledged to a sender has come to every user who is here; clients acknowledge only what they have seen.</summary>
    private static void CheckInboxes(RunRecord run)
    {
        foreach (var message in run.Private.Where(message => message.AckedAt is not null))
        {
            var targets = run.Clients.Where(client => client.User == message.Place).ToList();
            if (targets.Any(client => client.IsConnected) && !targets.Any(client => client.Inbox.Contains((message.Sender, message.MessageId))))
                run.Report(ViolationKind.Lost, $"{message} to {message.Place} was acknowledged and never came");
        }
    }
}

using System.Diagnostics;

namespace Verb.Server.Testing.Load;

/// <summary>
/// Judges what a member that stayed was told while others lost their node and came back: nobody is said to have left who was back within the
/// grace, nobody to have come who had not left, and nothing at all of those who stayed. A count without a name says nothing of anyone.
/// </summary>
internal static class PresenceChecker
{
    /// <param name="told">All that it was told.</param>
    /// <param name="since">When the node was lost, as the stopwatch counts.</param>
    /// <param name="back">Who came back to the room after that, by user; the others stayed.</param>
    /// <param name="grace">How long a lost connection still counts.</param>
    public static IEnumerable<string> Needless(
        IReadOnlyList<PresenceEvent> told, long since, IReadOnlyDictionary<string, ComeBack> back, TimeSpan grace)
    {
        var isHere = new Dictionary<string, bool>();
        var allKnown = true;
        foreach (var (at, type, user, _) in told.Where(told => told.At >= since))
        {
            if (user is null)
            {
                isHere.Clear();
                allKnown = false;
                continue;
            }

            var when = $"after {Stopwatch.GetElapsedTime(since, at).TotalSeconds:F2} s";
            var joins = type == PresenceEvent.Joined;
            if (!back.TryGetValue(user, out var comeBack))
                yield return $"{user} has {(joins ? "come" : "left")} {when}, who stayed";
            else if (!joins && Stopwatch.GetElapsedTime(since, comeBack.InAt) is var away && away < grace)
                yield return $"{user} has left {when}, who was back after {away.TotalSeconds:F2} s";
            else if (isHere.TryGetValue(user, out var here) ? here == joins : allKnown && joins)
                yield return $"{user} has {(joins ? "come" : "left")} {when}, who {(here == joins && isHere.ContainsKey(user) ? "had already" : "had not left")}";
            isHere[user] = joins;
        }
    }
}

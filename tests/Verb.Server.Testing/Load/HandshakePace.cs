using System.Diagnostics;

namespace Verb.Server.Testing.Load;

/// <summary>Judges whether a node took handshakes no faster than it was set to.</summary>
internal static class HandshakePace
{
    /// <summary>
    /// In no second more than set. A client knows of its handshake only some time after the node took it, so what counts is how many there
    /// were by then, not how many came to be known within any second.
    /// </summary>
    /// <param name="admissions">All handshakes of one node since then.</param>
    /// <param name="since">Before the first of them, as the stopwatch counts.</param>
    /// <param name="perSecond">What is set.</param>
    public static void ShouldHaveKept(IReadOnlyList<Admission> admissions, long since, int perSecond)
    {
        for (var i = 0; i < admissions.Count; i++)
        {
            var seconds = (int)Stopwatch.GetElapsedTime(since, admissions[i].At).TotalSeconds;
            (i + 1).ShouldBeLessThanOrEqualTo(perSecond * (1 + seconds), $"within {seconds + 1} s at {admissions[i].Node}");
        }
    }
}

using System.Reflection;
using Akka.Util;

namespace Verb.TestKit.Worlds;

/// <summary>Akka's own dice, which are the thread's: uids of actors, routers, back-off.</summary>
internal static class AkkaRandom
{
    private static readonly ThreadLocal<Random> Dice =
        typeof(ThreadLocalRandom).GetField("_rng", BindingFlags.NonPublic | BindingFlags.Static)?.GetValue(null) as ThreadLocal<Random>
        ?? throw new InvalidOperationException("Akka keeps its random numbers elsewhere now; without a hold on them no run can be repeated.");

    /// <summary>Gives the thread other dice, and what it had before.</summary>
    public static Random Swap(Random random)
    {
        var before = Dice.Value!;
        Dice.Value = random;
        return before;
    }
}

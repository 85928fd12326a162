using System.Globalization;

namespace Verb.TestKit.Simulation;

/// <summary>What happens in a run, as far as it is decided beforehand: it can be cut down where a run has failed.</summary>
/// <param name="Seed">What everything else is drawn from: order, delays, outcomes.</param>
/// <param name="Nodes">How many nodes there are at the beginning.</param>
/// <param name="Users">Whose clients there are; the same user may have several.</param>
/// <param name="Lasts">How long steps and faults go on, in milliseconds.</param>
/// <param name="Steps">What clients do.</param>
/// <param name="Faults">What goes wrong.</param>
internal sealed record SimPlan(
    int Seed, int Nodes, IReadOnlyList<int> Users, int Lasts, IReadOnlyList<SimStep> Steps, IReadOnlyList<SimFault> Faults)
{
    /// <summary>How many rooms there are.</summary>
    public const int Rooms = 3;

    /// <summary>How many topics there are.</summary>
    public const int Topics = 2;

    /// <summary>The plan of a seed.</summary>
    public static SimPlan Of(int seed)
    {
        var random = new Random((seed * 7919) ^ 0x51AB);
        var nodes = 3;
        var users = Enumerable.Range(0, random.Next(3, 6)).Select(client => client > 2 && random.Next(3) == 0 ? 0 : client).ToArray();
        var lasts = random.Next(4, 14) * 1000;
        List<SimStep> steps = [];
        for (var client = 0; client < users.Length; client++)
        {
            steps.Add(new SimStep(random.Next(200), client, SimStepKind.Join, random.Next(Rooms)));
            steps.Add(new SimStep(random.Next(400), client, SimStepKind.Join, random.Next(Rooms)));
        }

        for (var count = random.Next(40, 240); count > 0; count--)
            steps.Add(new SimStep(random.Next(lasts), random.Next(users.Length), KindOf(random), random.Next(1024)));
        return new SimPlan(seed, nodes, users, lasts, [.. steps.OrderBy(step => step.At)], FaultsOf(random, nodes, lasts));
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"seed {Seed}: {Nodes} nodes, {Users.Count} clients, {Steps.Count} steps, {Faults.Count} faults in {Lasts / 1000.0:F0} s\n  {string.Join("\n  ", Faults)}");

    private static SimStepKind KindOf(Random random) => random.Next(100) switch
    {
        < 50 => SimStepKind.Publish,
        < 60 => SimStepKind.Join,
        < 66 => SimStepKind.Leave,
        < 76 => SimStepKind.Whisper,
        < 81 => SimStepKind.Subscribe,
        < 83 => SimStepKind.Unsubscribe,
        < 88 => SimStepKind.PublishTopic,
        < 92 => SimStepKind.Reconnect,
        < 94 => SimStepKind.Lose,
        < 96 => SimStepKind.GoSilent,
        < 98 => SimStepKind.Stall,
        _ => SimStepKind.Ask,
    };

    private static SimFault[] FaultsOf(Random random, int nodes, int lasts)
    {
        List<SimFault> faults = [];
        if (random.Next(8) == 0)
            return [];
        for (var count = random.Next(1, 7); count > 0; count--)
        {
            var kind = (SimFaultKind)random.Next(Enum.GetValues<SimFaultKind>().Length);

            // Shorter than what is noticed, about as long as a lease, or longer.
            var length = random.Next(3) switch { 0 => random.Next(100, 900), 1 => random.Next(900, 3200), _ => random.Next(3200, 7000) };
            faults.Add(new SimFault(
                random.Next(300, Math.Max(301, lasts - (length / 2))), length, kind, random.Next(nodes), random.Next(nodes - 1) + 1, random.Next(2) == 0 ? 0 : random.Next(1, 60)));
        }

        return [.. faults.OrderBy(fault => fault.At)];
    }
}

/// <summary>Something a client does.</summary>
/// <param name="At">When, in milliseconds.</param>
/// <param name="Client">Who.</param>
/// <param name="Kind">What.</param>
/// <param name="Which">With which room, user or topic: any number.</param>
internal sealed record SimStep(int At, int Client, SimStepKind Kind, int Which);

/// <summary>What a client may do.</summary>
internal enum SimStepKind
{
    Join,
    Leave,
    Publish,
    Whisper,
    Subscribe,
    Unsubscribe,
    PublishTopic,
    Reconnect,
    Lose,
    GoSilent,
    Stall,
    Ask,
}

/// <summary>Something that goes wrong.</summary>
/// <param name="At">When, in milliseconds.</param>
/// <param name="Lasts">How long, in milliseconds.</param>
/// <param name="Kind">What.</param>
/// <param name="Node">At which node, from 0.</param>
/// <param name="Other">Towards which other one, as a distance from it.</param>
/// <param name="Steps">So many steps later, in the midst of whatever is under way.</param>
internal sealed record SimFault(int At, int Lasts, SimFaultKind Kind, int Node, int Other, int Steps);

/// <summary>What may go wrong.</summary>
internal enum SimFaultKind
{
    /// <summary>A process is killed, and started again later.</summary>
    Kill,

    /// <summary>A process stops, and goes on later as if nothing had been.</summary>
    Freeze,

    /// <summary>Two nodes do not reach each other.</summary>
    Part,

    /// <summary>Nothing comes through in one direction.</summary>
    PartOneWay,

    /// <summary>A node reaches no other one.</summary>
    Isolate,

    /// <summary>A node does not reach the database.</summary>
    CutDatabase,

    /// <summary>Nobody reaches the database; it has forgotten its sessions afterwards.</summary>
    RestartDatabase,

    /// <summary>The database takes its time.</summary>
    SlowDatabase,

    /// <summary>Calls fail that were made, and calls that were not.</summary>
    UnknownOutcomes,

    /// <summary>A link breaks, seen by one side first; again and again.</summary>
    BreakLink,

    /// <summary>A link is behind and drops what may be dropped.</summary>
    CrowdLink,

    /// <summary>A node hands over, leaves and comes back.</summary>
    Restart,

    /// <summary>All nodes do so, one after the other.</summary>
    RollingRestart,

    /// <summary>A further node joins, and leaves again.</summary>
    Grow,

    /// <summary>A process is killed when it has just begun, too.</summary>
    KillTwice,

    /// <summary>A node hands its shards over and stays.</summary>
    Drain,
}

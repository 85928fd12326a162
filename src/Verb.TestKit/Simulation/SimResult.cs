using Verb.TestKit.Checking;

namespace Verb.TestKit.Simulation;

/// <summary>What came of a run.</summary>
/// <param name="Plan">What was to happen.</param>
/// <param name="Violations">What was wrong; empty where all was well.</param>
/// <param name="Hash">Of everything that happened: the same plan gives the same.</param>
/// <param name="Events">How many things happened.</param>
/// <param name="Steps">How many pieces of work ran.</param>
/// <param name="Acknowledged">How many messages to rooms were acknowledged.</param>
/// <param name="OwnerChanges">How often a shard got another owner.</param>
/// <param name="Lines">What happened, where it was to be kept.</param>
internal sealed record SimResult(
    SimPlan Plan, IReadOnlyList<Violation> Violations, ulong Hash, long Events, long Steps, int Acknowledged, long OwnerChanges, IReadOnlyList<string> Lines);

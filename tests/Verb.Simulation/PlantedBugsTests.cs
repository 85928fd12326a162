using Verb.Actors.Rooms;
using Verb.Actors.Sharding;
using Verb.Actors.Users;
using Verb.TestKit.Checking;
using Verb.TestKit.Simulation;
using Xunit.Abstractions;

namespace Verb.Simulation;

/// <summary>Proof of the checker: each of these bugs, planted alone, is found within a few seeds in which nothing is found without it.</summary>
public sealed class PlantedBugsTests(ITestOutputHelper output)
{
    private const int MostSeeds = 5000;

    private static readonly Dictionary<string, Func<SimPlants>> Bugs = new()
    {
        ["Stores take writes of any term"] = () => new() { Fences = false },
        ["A new owner does not wait for the old one's write (FOR KEY SHARE)"] = () => new() { ClaimsWaitForWrites = false, EndsWhatIsOpen = false },
        ["Acknowledged before it is committed"] = () => new() { AcknowledgesBeforeCommit = true },
        ["A shard of a living owner may be claimed, under the same term"] = () => new() { ClaimsFromTheLiving = true, RaisesTerms = false },
        ["A change of owner leaves the term as it is"] = () => new() { RaisesTerms = false },
        ["The window of message ids is lost when a room is loaded"] = () => new() { ForgetsMessageIds = true },
        ["The last number is forgotten when a room is loaded"] = () => new() { ForgetsLastSeq = true },
        ["A room that is loaded draws a new epoch"] = () => new() { DrawsEpochs = true },
        ["Relays do not register with the next owner"] = () => new() { Loses = message => message is NodeMessage.ToRoom { Message: RoomMessage.Register } },
        ["A room is not told that a connection is gone"] = () => new() { Loses = message => message is NodeMessage.ToRoom { Message: RoomMessage.Gone } },
        ["A node that left a link behind is not brought up"] = () => new() { TellsRecovery = false },
        ["What an earlier owner says is taken for the present one's"] = () => new() { Alters = Renewed },
        ["What is sent again has another message id"] = Renaming,
        ["Some fan-out is lost on a link that stands"] = LosingSome,
        ["A relay is not told who published"] = () => new() { Alters = Anonymous },
        ["A user is not told what was acknowledged"] = () => new() { Loses = message => message is NodeMessage.ToUser { Message: UserMessage.Acknowledge } },
        ["Dead nodes keep their lock, and no lease runs out"] = () => new() { LocksAreFreed = false, LeasesExpire = false },
    };

    public static TheoryData<string> Names => [.. Bugs.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_planted_bug_is_found(string bug)
    {
        SimResult? found = null;
        for (var seed = 1; seed <= MostSeeds && found is null; seed++)
        {
            var plan = PlanOf(bug, seed);
            var result = SimSeeds.One(plan, Bugs[bug]());
            if (result.Violations.Count > 0 && SimSeeds.One(plan).Violations.Count == 0)
                found = result;
        }

        found.ShouldNotBeNull($"no violation in {MostSeeds} seeds");
        output.WriteLine($"seed {found.Plan.Seed}: {found.Violations[0]}");
        found.Violations.ShouldNotContain(violation => violation.Kind == ViolationKind.Failure && violation.Text.StartsWith("the run broke"));
    }

    /// <summary>Writes that are under way when an owner is lost take a slow database, and an owner that dies in their midst.</summary>
    private static SimPlan PlanOf(string bug, int seed)
    {
        var plan = SimPlan.Of(seed);
        return !bug.Contains("KEY SHARE")
            ? plan
            : plan with
            {
                Faults =
                [
                    new SimFault(300, plan.Lasts, SimFaultKind.SlowDatabase, 0, 1, 0),
                    .. Enumerable.Range(0, 3).Select(node => new SimFault(1000 + (node * plan.Lasts / 4), 900, SimFaultKind.Kill, node, 1, 1 + (seed % 50))),
                ],
            };
    }

    private static NodeMessage Renewed(NodeMessage message) =>
        message is NodeMessage.ToRelay relay ? relay with { Term = long.MaxValue / 2 } : message;

    private static NodeMessage Anonymous(NodeMessage message) =>
        message is NodeMessage.ToRelay { Message: RelayMessage.Published published } relay ? relay with { Message = published with { Publisher = null } } : message;

    private static SimPlants Renaming()
    {
        var seen = new HashSet<string>();
        return new SimPlants
        {
            Alters = message => message is NodeMessage.ToRoom { Message: RoomMessage.Publish { MessageId: { } id } publish } to && !seen.Add(id)
                ? to with { Message = publish with { MessageId = $"{id}-again" } }
                : message,
        };
    }

    private static SimPlants LosingSome()
    {
        var count = 0;
        return new SimPlants { Loses = message => message is NodeMessage.ToRelay { Message: RelayMessage.Published { Publisher: null } } && ++count % 7 == 0 };
    }
}

using Verb.Actors.Rooms;
using Verb.Contracts;

namespace Verb.Actors.Tests.Rooms;

/// <summary>A whole room under random joins, leaves, losses, messages sent again and store faults, each run repeatable by its seed.</summary>
public sealed class RoomPropertyTests
{
    public static TheoryData<int> FirstSeeds => [.. Enumerable.Range(0, 10).Select(i => i * 50)];

    [Theory]
    [MemberData(nameof(FirstSeeds))]
    public void Every_member_hears_one_order_without_gaps_or_repeats_and_what_was_acknowledged_is_stored(int firstSeed)
    {
        var acknowledged = 0;
        for (var seed = firstSeed; seed < firstSeed + 50; seed++)
            acknowledged += Run(seed);
        acknowledged.ShouldBeGreaterThan(1000, "the runs did something");
    }

    private static int Run(int seed)
    {
        var random = new Random(seed);
        var calm = false;
        var store = new ScriptedHistoryStore
        {
            EachAppend = () => !calm && random.Next(6) == 0 ? (AppendFault)random.Next(Enum.GetValues<AppendFault>().Length) : AppendFault.None,
            OpenFails = () => !calm && random.Next(5) == 0,
        };
        using var world = new RoomWorld(new RoomPolicy { History = 10_000 }, seed, store);
        var members = Enumerable.Range(0, 5).Select(i => new RandomMember(world, $"u{i % 3}", $"{i}", random)).ToList();
        for (var step = 0; step < 120; step++)
        {
            members[random.Next(members.Count)].Act();
            if (random.Next(3) == 0)
                world.System.Settle();
            if (random.Next(40) == 0)
                world.Advance(random.Next(1, 4));
            if (random.Next(60) == 0)
                world.FailRoom();
            if (random.Next(10) == 0)
                store.Hold();
            else if (random.Next(3) == 0)
                store.Release();
        }

        calm = true;
        store.Release();
        world.Advance(10);
        for (var round = 0; round < 3; round++)
        {
            foreach (var member in members)
                member.SendAgain();
            world.Advance(10);
        }

        var stored = Stored(world);
        foreach (var member in members)
            member.Check(stored, $"seed {seed}");
        stored.Select(m => (m.User.Id, m.MessageId)).ShouldBeUnique($"seed {seed}");
        return members.Sum(member => member.Acknowledged);
    }

    private static IReadOnlyList<HistoryMessage> Stored(RoomWorld world)
    {
        var answer = world.Ask(caller => new RoomMessage.GetHistory(caller, null, new Position("any", 0), null, 10_000))!.Value;
        return answer.Body.ShouldBeOfType<ReplyBody.HistoryPage>().Messages;
    }
}

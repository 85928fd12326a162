using Verb.Actors.Connections;
using Verb.Actors.Rooms;
using Verb.Actors.Tests.Connections;
using Verb.TestKit.Nodes;

namespace Verb.Actors.Tests.Nodes;

public class RandomNodeTests
{
    private static readonly string[] Rooms = ["r0", "r1", "quick"];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Whatever_stalls_and_breaks_every_member_hears_everything_once_in_order(int block)
    {
        for (var seed = block * 100; seed < (block + 1) * 100; seed++)
            Play(seed);
    }

    private static void Play(int seed)
    {
        var random = new Random(seed);
        var history = new StuckHistory();
        using var node = new TestNode(new TestNodeOptions
        {
            Seed = seed,
            History = history,
            Rooms = new([("quick", new RoomPolicy { Durable = false, History = 10_000 })], new RoomPolicy { History = 10_000 }),
        });
        var users = Enumerable.Range(0, 5)
            .Select(i => new RandomUser(node, random, $"user-{i}", Rooms, (OverflowPolicy)random.Next(3)))
            .ToList();

        for (var step = 0; step < 100; step++)
        {
            users[random.Next(users.Count)].Step();
            switch (random.Next(8))
            {
                case 0:
                    history.Hold();
                    break;
                case 1:
                case 2:
                    history.Release();
                    break;
                case 3:
                    node.Advance(TimeSpan.FromMilliseconds(random.Next(250)));
                    break;
            }
        }

        history.Release();
        foreach (var user in users)
            user.Recover();
        node.Advance(TimeSpan.FromSeconds(11));
        var referee = node.Connect("referee");
        foreach (var room in Rooms)
        {
            referee.Join(room);
            var last = referee.Do("chat", new { roomId = room, message = "the end" }).Number("seq");
            foreach (var user in users)
            {
                user.Listen();
                if (user.Ears.TryGetValue(room, out var ear) && ear.IsIn && ear.Cursor != last)
                    user.Wrong.Add($"heard of {room} up to {ear.Cursor} of {last}");
            }
        }

        foreach (var user in users)
            user.CheckReplies();
        users.SelectMany(user => user.Wrong).ShouldBeEmpty($"seed {seed}");

        foreach (var user in users)
            user.Leave();
        referee.Close();
        node.Advance(TimeSpan.FromHours(1));
        node.Node.Connections.Count.ShouldBe(0, $"seed {seed}");
        node.Node.ActorCount.ShouldBe(0, $"seed {seed}");
        node.System.Hub.Timers.Count.ShouldBe(0, $"seed {seed}");
    }
}

using Verb.Actors.Connections;
using Verb.Contracts;
using Verb.TestKit.Nodes;

namespace Verb.Actors.Tests.Nodes;

public class LeakTests
{
    [Fact]
    public void After_everyone_is_gone_nothing_is_left()
    {
        using var node = new TestNode();
        node.Requests.Add("slow", (_, _, _) => new(new TaskCompletionSource<Contracts.Answer>().Task));
        for (var i = 0; i < 12; i++)
        {
            var client = i % 3 == 0 ? node.ConnectAnonymously() : node.Connect($"user-{i % 4}", "publisher");
            client.Do("join_room", new { roomId = $"r{i % 3}" });
            client.Do("subscribe", new { topic = "t" });
            client.Ask("publish", new { topic = "t", data = i });
            client.Ask("chat", new { roomId = $"r{i % 3}", message = i });
            client.Ask("private_message", new { targetUserId = "user-1", message = i });
            client.Ask("file_start", new { name = "a", size = 10, mimeType = "text/plain" });
            client.Ask("slow");
            client.Send([0, 0, 0, 0, 1]);
            node.Settle();
            if (i % 4 == 0)
                client.Stall();
            if (i % 2 == 0)
                client.Cut();
            else
                client.Close();
        }

        node.Advance(TimeSpan.FromSeconds(1)); // Who closed is answered for so long.
        node.Node.Connections.Count.ShouldBe(0);
        node.Files.OpenWriters.ShouldBe(0);
        node.Advance(TimeSpan.FromHours(49));
        node.Node.ActorCount.ShouldBe(0);
        node.System.Hub.Timers.Count.ShouldBe(0);
        node.System.Clock.TimerCount.ShouldBeLessThanOrEqualTo(1);
    }

    [Fact]
    public void A_node_that_is_stopped_with_clients_on_it_ends_each_of_them_and_nothing_fails()
    {
        for (var seed = 1; seed <= 20; seed++)
        {
            var failures = new RecordingObserver();
            var ends = new Ends();
            var node = new TestNode(new TestNodeOptions { Seed = seed, Observer = failures });
            var client = node.Connect(new ClientOptions { User = "ann", Observer = ends });
            client.Join("r");
            client.Join("s");
            node.Dispose();

            ends.Count.ShouldBe(1, $"seed {seed}");
            failures.Failures.ShouldBeEmpty();
        }
    }

    private sealed class Ends : IConnectionObserver
    {
        public int Count { get; private set; }

        public void Identified(Identity identity)
        {
        }

        public void Drained()
        {
        }

        public void Ended(CloseReason reason, bool lost) => Count++;
    }
}

using Verb.Gateway.Hosting;
using Verb.Server.Feeds;
using Verb.Server.Testing;
using Verb.TestKit.Hosting;
using Verb.TestKit.Time;

namespace Verb.Server.Tests.Feeds;

public sealed class DemoFeedTests
{
    [Fact]
    public async Task It_publishes_only_where_the_node_leads_and_goes_on_as_that_changes()
    {
        await using var host = await VerbTestHost.StartAsync();
        await using var client = await host.ConnectAsync();
        var node = new Node();
        var clock = new ManualClock();
        using var feed = new DemoFeed(host.Hub, node, clock);
        await feed.StartAsync(CancellationToken.None);
        await Steps(2);
        (await Topics()).ShouldBe(0);

        node.IsLeader = true;
        await Steps(2);
        (await Topics()).ShouldBeGreaterThan(3);
        await feed.StopAsync(CancellationToken.None);

        // The feed asks before every step: who has been asked once more has finished the step before.
        async Task Steps(int count)
        {
            for (var i = 0; i < count; i++)
            {
                var asked = node.Asked;
                await Eventually.Be(
                    () =>
                    {
                        clock.Advance(TimeSpan.FromSeconds(1));
                        return Task.FromResult(node.Asked);
                    },
                    now => now > asked);
            }
        }

        async Task<int> Topics() => (await client.AskAsync("""{"type":"get_topics"}""")).GetProperty("data").GetProperty("topics").GetArrayLength();
    }

    private sealed class Node : IVerbNode
    {
        private volatile bool _isLeader;
        private int _asked;

        public string Name => "n1";

        public int Asked => Volatile.Read(ref _asked);

        public bool IsLeader
        {
            get
            {
                Interlocked.Increment(ref _asked);
                return _isLeader;
            }

            set => _isLeader = value;
        }
    }
}

using Verb.ClusterTests.Nodes;
using Verb.Server.Testing;
using Verb.Server.Testing.Load;
using Verb.TestKit.Nodes;
using Xunit.Abstractions;

namespace Verb.ClusterTests;

[Collection(ClusterCollection.Name)]
public sealed class CutLinkTests(PostgresFixture postgres, ITestOutputHelper output)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Two_nodes_apart_keep_what_they_own_and_catch_up_when_the_link_is_healed(bool reset)
    {
        await using var cluster = await ServerCluster.StartAsync(postgres.Server, output, new ServerClusterOptions { Proxied = true });
        // Each pair has one link, dialled by one of the two: before one node of the three, or before each, there is one.
        var proxy = (await Eventually.Be(() => Task.FromResult(cluster.Nodes.Select(node => node.Proxy).ToList()),
            proxies => proxies.Sum(proxy => proxy.Open) == 3)).First(proxy => proxy.Open == 1);
        await using var load = await RoomLoad.StartAsync(cluster, output.WriteLine);
        await load.AcknowledgedAsync(500);
        var owners = await cluster.OwnersAsync();

        if (reset)
            proxy.Cut();
        else
            proxy.Silence();
        await Eventually.Be(LinksAsync, links => links == 4);
        await load.AcknowledgedAsync(500);
        proxy.Heal();
        await Eventually.Be(LinksAsync, links => links == 6);
        await load.AcknowledgedAsync(500);
        await load.ShouldHaveKeptEveryPromiseAsync();
        (await cluster.OwnersAsync()).ShouldBe(owners);

        async Task<long> LinksAsync() => (await Task.WhenAll(cluster.Nodes.Select(node => node.StatusAsync()))).Sum(status => status.Number("links"));
    }
}

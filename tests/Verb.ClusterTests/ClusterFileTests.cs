using System.Security.Cryptography;
using Verb.ClusterTests.Nodes;
using Verb.TestKit.Hosting;
using Verb.TestKit.Nodes;
using Xunit.Abstractions;

namespace Verb.ClusterTests;

[Collection(ClusterCollection.Name)]
public sealed class ClusterFileTests(PostgresFixture postgres, ITestOutputHelper output)
{
    private const int IndexBytes = 4;

    [Fact]
    public async Task The_other_nodes_serve_a_file_after_the_node_that_took_it_was_killed()
    {
        await using var cluster = await ServerCluster.StartAsync(postgres.Server, output);
        var content = RandomNumberGenerator.GetBytes(300_000);
        await using var uploader = await cluster.Nodes[0].ConnectAsync();
        await using var member = await cluster.Nodes[1].ConnectAsync();
        foreach (var client in new[] { uploader, member })
            await client.AskAsync("""{"type":"join_room","roomId":"gallery"}""");
        var url = await Upload(uploader, content);
        (await member.ExpectAsync("file_uploaded")).Text("url").ShouldBe(url);

        await cluster.Nodes[0].KillAsync();
        foreach (var node in cluster.Nodes.Skip(1))
        {
            using var response = await node.SendAsync(HttpMethod.Get, url);
            (await response.Content.ReadAsByteArrayAsync()).ShouldBe(content);
        }
    }

    private static async Task<string> Upload(SocketClient client, byte[] content)
    {
        var start = await client.AskAsync($$"""{"type":"file_start","name":"picture.bin","size":{{content.Length}},"mimeType":"application/octet-stream","roomId":"gallery"}""");
        start.GetProperty("success").GetBoolean().ShouldBeTrue(start.ToString());
        var chunkSize = (int)start.GetProperty("data").Number("chunkSize");
        for (var (index, at) = (0, 0); at < content.Length; index++, at += chunkSize)
        {
            var part = content.AsSpan(at, Math.Min(chunkSize, content.Length - at));
            var frame = new byte[IndexBytes + part.Length];
            System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(frame, index);
            part.CopyTo(frame.AsSpan(IndexBytes));
            await client.SendAsync(frame);
        }

        var end = await client.AskAsync($$"""{"type":"file_end","uploadId":"{{start.GetProperty("data").Text("uploadId")}}"}""");
        end.GetProperty("success").GetBoolean().ShouldBeTrue(end.ToString());
        return end.GetProperty("data").Text("url");
    }
}

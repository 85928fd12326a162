using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Verb.Actors.Sharding;
using Verb.Cluster.Links;
using Verb.Cluster.Links.Handshake;

namespace Verb.Cluster.Tests.Links;

/// <summary>A socket that greets as a node does, if told to, and then does only what it is told.</summary>
internal sealed class RawPeer : IDuplexPipe, IAsyncDisposable
{
    private readonly Socket _socket;

    private RawPeer(Socket socket)
    {
        _socket = socket;
        var stream = new NetworkStream(socket, ownsSocket: true);
        Input = PipeReader.Create(stream);
        Output = PipeWriter.Create(stream);
    }

    public PipeReader Input { get; }

    public PipeWriter Output { get; }

    public static async Task<RawPeer> Connect(TestNode node)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 32 * 1024 };
        await socket.ConnectAsync((IPEndPoint)node.Links.ListeningOn!);
        return new RawPeer(socket);
    }

    /// <summary>A raw peer that has a link with the node.</summary>
    public static async Task<RawPeer> Link(TestNode node, string id = "a", LinkOptions? options = null, long incarnation = 1)
    {
        var peer = await Connect(node);
        await peer.Greet(node, id, options, incarnation);
        return peer;
    }

    public Task Greet(TestNode node, string id, LinkOptions? options = null, long incarnation = 1) =>
        new LinkGreeting(new LinkIdentity(options ?? TestNode.Patient, new NodeId(id), incarnation), this)
            .Dial(node.Id, node.Incarnation, CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30));

    public async Task Send(params byte[] bytes) => await Output.WriteAsync(bytes);

    /// <summary>Reads whatever comes, until the node closes.</summary>
    public async Task ReadToEnd()
    {
        try
        {
            while (true)
            {
                var result = await Input.ReadAsync();
                Input.AdvanceTo(result.Buffer.End);
                if (result.IsCompleted)
                    return;
            }
        }
        catch (IOException)
        {
            // Cut rather than closed.
        }
    }

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        await Input.CompleteAsync();
    }
}

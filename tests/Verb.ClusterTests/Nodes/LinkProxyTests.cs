using System.Net;
using System.Net.Sockets;
using Verb.Server.Testing;

namespace Verb.ClusterTests.Nodes;

public sealed class LinkProxyTests : IAsyncLifetime
{
    private readonly TcpListener _target = new(IPAddress.Loopback, 0);
    private LinkProxy _proxy = null!;

    public Task InitializeAsync()
    {
        _target.Start();
        _proxy = new LinkProxy(((IPEndPoint)_target.LocalEndpoint).Port);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await _proxy.DisposeAsync();
        _target.Dispose();
    }

    [Fact]
    public async Task Passes_on_in_both_directions()
    {
        var (near, far) = await Link();
        (await Carried(near, far, 1)).ShouldBe(1);
        (await Carried(far, near, 2)).ShouldBe(2);
        _proxy.Open.ShouldBe(1);
    }

    [Fact]
    public async Task A_cut_ends_both_sides_and_refuses_new_links_until_it_is_healed()
    {
        var (near, far) = await Link();
        _proxy.Cut();
        (await Received(near)).ShouldBeNull();
        (await Received(far)).ShouldBeNull();

        (await IsTaken()).ShouldBeFalse();
        _proxy.Heal();
        var (again, there) = await Link();
        (await Carried(again, there, 3)).ShouldBe(3);
    }

    [Fact]
    public async Task Silence_holds_everything_back_until_it_is_healed()
    {
        var (near, far) = await Link();
        _proxy.Silence();
        var carried = Carried(near, far, 4);
        await Eventually.Be(() => Task.FromResult(_proxy.Held), held => held == 1);
        carried.IsCompleted.ShouldBeFalse();
        _proxy.Heal();
        (await carried).ShouldBe(4);
    }

    private async Task<(Socket Near, Socket Far)> Link()
    {
        var near = await Dial();
        return (near, await _target.AcceptSocketAsync());
    }

    /// <summary>A link that is cut may be so before it is known to stand.</summary>
    private async Task<bool> IsTaken()
    {
        try
        {
            using var socket = await Dial();
            return await Received(socket) is not null;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private async Task<Socket> Dial()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, _proxy.Port);
        return socket;
    }

    private static async Task<int?> Carried(Socket from, Socket to, byte value)
    {
        await from.SendAsync(new[] { value });
        return await Received(to);
    }

    /// <summary>The next byte; null: the link has ended.</summary>
    private static async Task<int?> Received(Socket socket)
    {
        var one = new byte[1];
        try
        {
            return await socket.ReceiveAsync(one).WaitAsync(TimeSpan.FromSeconds(10)) == 0 ? null : one[0];
        }
        catch (SocketException)
        {
            return null;
        }
    }
}

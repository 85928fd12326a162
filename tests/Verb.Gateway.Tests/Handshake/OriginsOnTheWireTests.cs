using System.Net.Sockets;
using System.Text;
using Verb.TestKit.Hosting;

namespace Verb.Gateway.Tests.Handshake;

/// <summary>Over the network: how the web server spells a host is its own affair.</summary>
public sealed class OriginsOnTheWireTests
{
    [Theory]
    [InlineData("xn--bcher-kva.example", "http://xn--bcher-kva.example", 101)]
    [InlineData("XN--BCHER-KVA.example:8080", "http://xn--bcher-kva.example:8080", 101)]
    [InlineData("chat.xn--e1afmkfd.xn--p1ai", "https://chat.xn--e1afmkfd.xn--p1ai", 101)]
    [InlineData("xn--fa-hia.example", "http://xn--fa-hia.example", 101)]
    [InlineData("xn--a.example", "http://xn--a.example", 101)]
    [InlineData("hub.example", "http://hub.example", 101)]
    [InlineData("xn--bcher-kva.example", "http://xn--bcher-kvb.example", 403)]
    [InlineData("xn--fa-hia.example", "http://fass.example", 403)]
    [InlineData("xn--bcher-kva.example", "http://bcher-kva.example", 403)]
    [InlineData("xn--bcher-kva.example:8080", "http://xn--bcher-kva.example", 403)]
    public async Task A_page_is_of_the_hub_where_both_stand_alike_on_the_wire(string host, string origin, int status)
    {
        await using var hub = await VerbTestHost.StartAsync();
        using var client = new TcpClient();
        await client.ConnectAsync(hub.Address.Host, hub.Address.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"GET /ws HTTP/1.1\r\nHost: {host}\r\nOrigin: {origin}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"));
        var line = await new StreamReader(stream).ReadLineAsync();
        line.ShouldNotBeNull().ShouldStartWith($"HTTP/1.1 {status} ");
    }
}

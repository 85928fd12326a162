using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Verb.Gateway.WebSockets;
using Verb.Gateway.WebSockets.Frames;

namespace Verb.Gateway.Tests.WebSockets;

/// <summary>What the peer of a wss connection sees of an end.</summary>
public sealed class CloseOverTlsTests : IDisposable
{
    private readonly X509Certificate2 _certificate = NewCertificate();

    [Fact]
    public async Task A_violation_under_a_flood_still_delivers_its_close_frame_and_a_clean_end()
    {
        await using var server = await EchoServer.StartAsync(certificate: _certificate);
        for (var round = 0; round < 5; round++)
        {
            using var client = await RawClient.UpgradeAsync(server);
            var flood = Enumerable.Repeat(ClientFrame.Binary(new byte[1000]), 200).ToArray();
            await client.SendAsync([ClientFrame.Text("bad") with { Rsv = 1 }, .. flood, ClientFrame.Close(1002)]);

            var frame = ServerFrame.ReadAll(await client.ReadToEndAsync()).ShouldHaveSingleItem();
            frame.Opcode.ShouldBe(Opcode.Close);
            frame.CloseCode.ShouldBe((ushort)1002);
        }
    }

    [Fact]
    public async Task What_the_hub_wrote_before_a_failure_comes_before_the_close_frame()
    {
        await using var server = await EchoServer.StartAsync(certificate: _certificate);
        using var client = await RawClient.UpgradeAsync(server);
        await client.SendAsync(ClientFrame.Text("a"), new ClientFrame(Opcode.Text, [0xC3, 0x28]), ClientFrame.Close(1007));

        var frames = ServerFrame.ReadAll(await client.ReadToEndAsync());
        frames.Select(f => f.Opcode).ShouldBe([Opcode.Text, Opcode.Close]);
        frames[1].CloseCode.ShouldBe((ushort)1007);
    }

    [Fact]
    public async Task A_close_of_the_servers_reaches_the_peer_and_its_answer_ends_the_connection()
    {
        await using var server = await EchoServer.StartAsync(certificate: _certificate);
        using var client = await RawClient.UpgradeAsync(server, "/leave");
        var close = await client.ReadAsync(2 + 2 + EchoServer.Leaving.Reason.Length);
        await client.SendAsync(ClientFrame.Close(EchoServer.Leaving.Code));

        ServerFrame.ReadAll(close).ShouldHaveSingleItem().CloseCode.ShouldBe(EchoServer.Leaving.Code);
        (await client.ReadToEndAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_peer_that_never_answers_gets_its_close_frame_and_is_cut_by_the_deadline()
    {
        await using var server = await EchoServer.StartAsync(
            new WebSocketProtocolOptions { CloseTimeout = TimeSpan.FromSeconds(1) }, certificate: _certificate);
        using var client = await RawClient.UpgradeAsync(server, "/leave");

        var close = await client.ReadAsync(2 + 2 + EchoServer.Leaving.Reason.Length);
        ServerFrame.ReadAll(close).ShouldHaveSingleItem().CloseCode.ShouldBe(EchoServer.Leaving.Code);
        SpinWait.SpinUntil(() => server.Sweep.Count == 0, TimeSpan.FromSeconds(30)).ShouldBeTrue();
    }

    public void Dispose() => _certificate.Dispose();

    private static X509Certificate2 NewCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }
}

using System.Net.Security;
using System.Net.Sockets;
using Verb.Postgres.Testing;
using Verb.Server.Testing;
using Verb.Server.Testing.Processes;

namespace Verb.Server.Tests.Acceptance;

/// <summary>A host has few instances of inotify, and other programs take them: the server does without.</summary>
[Collection(ProcessCollection.Name)]
public sealed class WatcherTests : IDisposable
{
    private const string Watcher = "anon_inode:inotify";

    private readonly ServerFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("Production")]
    [InlineData("Development")]
    public async Task It_reads_its_settings_once_and_watches_none(string environment)
    {
        Directory.CreateDirectory(Path.Combine(_folder.Root, "wwwroot"));
        await File.WriteAllTextAsync(Path.Combine(_folder.Root, "appsettings.json"), """{"Verb": {"Echo": true}}""");
        await using var server = await ServerProcess.StartAsync(_folder, $"--contentRoot={_folder.Root}", $"--environment={environment}");
        (await server.GetAsync("/echo")).StatusCode.ShouldBe(System.Net.HttpStatusCode.BadRequest); // The settings are read.
        (await server.GetAsync("/")).Dispose();
        Watchers(server).ShouldBe(0);
    }

    [Fact]
    public async Task A_renewed_certificate_is_taken_without_a_watcher()
    {
        var (certificate, key) = Certificates.Create(_folder.Root);
        await using var server = await ServerProcess.StartAsync(
            _folder, $"--Kestrel:Endpoints:Main:Url=https://127.0.0.1:{FreePort.Next()}",
            $"--Kestrel:Endpoints:Main:Certificate:Path={certificate}", $"--Kestrel:Endpoints:Main:Certificate:KeyPath={key}");
        Watchers(server).ShouldBe(0);
        var first = await Shown(server);

        Certificates.Create(_folder.Root);
        File.SetLastWriteTimeUtc(certificate, File.GetLastWriteTimeUtc(certificate).AddSeconds(10));
        await Eventually.Be(() => Shown(server), shown => shown is not null && shown != first);
    }

    private static int Watchers(ServerProcess server) =>
        Directory.GetFiles($"/proc/{server.Id}/fd").Count(descriptor => new FileInfo(descriptor).LinkTarget == Watcher);

    /// <summary>The serial number of the certificate that a new connection is shown; null for the moment in which nobody listens.</summary>
    private static async Task<string?> Shown(ServerProcess server)
    {
        using var tcp = new TcpClient();
        try
        {
            await tcp.ConnectAsync(server.Address.Host, server.Address.Port);
        }
        catch (SocketException)
        {
            return null;
        }

        var serial = "";
        await using var tls = new SslStream(
            tcp.GetStream(), leaveInnerStreamOpen: false, (_, shown, _, _) => (serial = shown?.GetSerialNumberString() ?? "").Length > 0);
        await tls.AuthenticateAsClientAsync("localhost");
        return serial;
    }
}

using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Verb.Server.Testing.Processes;
using Verb.Server.Tests.Scripts;

namespace Verb.Server.Tests.Browser;

/// <summary>A cluster as <c>./cluster.sh</c> starts it, seen by people with pages of two nodes.</summary>
[Collection(nameof(BrowserTests))]
public sealed class ClusterTests(DemoHub hub)
{
    private const string Room = "bridge";

    [Fact]
    public async Task Pages_of_two_nodes_chat_and_go_on_when_a_node_is_killed()
    {
        await using var cluster = await RunningScript.StartAsync();
        cluster.Nodes.Count.ShouldBe(3);
        await using var ada = await Person.EnterAsync(hub.Browser, cluster.Nodes[0].Address, "Ada", Room);
        await using var ben = await Person.EnterAsync(hub.Browser, cluster.Nodes[1].Address, "Ben", Room);
        await ada.Expect("node").ToHaveTextAsync("node-1");
        await ben.Expect("node").ToHaveTextAsync("node-2");
        await ada.SayAsync("a1");
        await Assertions.Expect(ben.Message("a1")).ToBeVisibleAsync();
        await ben.SayAsync("b1");
        await Assertions.Expect(ada.Message("b1")).ToBeVisibleAsync();
        await ada["file-input"].SetInputFilesAsync(hub.PutFile("plan.txt", "north to south"u8.ToArray()));
        await Assertions.Expect(ben["file-link"]).ToBeVisibleAsync();

        Process.GetProcessById(cluster.Nodes[0].Process).Kill();
        await ben.SayAsync("b2");
        await ada.SayAsync("a2");

        await Assertions.Expect(ada["connection"]).ToHaveAttributeAsync("data-state", "open");
        await ada.Expect("node").ToHaveTextAsync(new Regex("^node-[23]$"));
        foreach (var person in new[] { ada, ben })
        {
            await Assertions.Expect(person.Texts).ToHaveCountAsync(4);
            await Assertions.Expect(person["message"].And(person.Page.Locator(":not([data-status=sent])"))).ToHaveCountAsync(0);
        }

        (await ada.ReadAsync()).ShouldBe(await ben.ReadAsync());
        (await ada.ReadAsync()).ShouldBe(["a1", "b1", "a2", "b2"], ignoreOrder: true);
        await ada.SayAsync("a3");
        await Assertions.Expect(ben.Message("a3")).ToBeVisibleAsync();
        await ada.Expect("people-count").ToHaveTextAsync("2");
        var download = await ada.Page.RunAndWaitForDownloadAsync(() => ada["file-link"].ClickAsync());
        (await File.ReadAllTextAsync(await download.PathAsync())).ShouldBe("north to south");
        ada.Forgive("ERR_CONNECTION");
    }

    [Fact]
    public async Task Stopping_it_leaves_nothing_behind()
    {
        await using var cluster = await RunningScript.StartAsync("--nodes", "2");
        cluster.Nodes.Count.ShouldBe(2);
        Directory.Exists(cluster.Folder).ShouldBeTrue();

        cluster.Send(Signal.Interrupt);

        (await cluster.ExitAsync()).ShouldBe(130);
        cluster.Errors.ToString().ShouldBeEmpty();
        Directory.Exists(cluster.Folder).ShouldBeFalse();
        foreach (var process in cluster.Nodes.Select(node => node.Process).Append(cluster.Database))
            Should.Throw<ArgumentException>(() => Process.GetProcessById(process).Dispose());
    }

    [Fact]
    public async Task A_folder_that_was_given_keeps_the_rooms()
    {
        using var folder = new ServerFolder();
        await using (var first = await RunningScript.StartAsync("--nodes", "2", "--data", folder.Root))
        {
            await using var ada = await Person.EnterAsync(hub.Browser, first.Nodes[0].Address, "Ada", Room);
            await ada.SayAsync("Keep this");
            await Assertions.Expect(ada.Message("Keep this")).ToHaveAttributeAsync("data-status", "sent");
        }

        await using var second = await RunningScript.StartAsync("--nodes", "2", "--data", folder.Root);
        await using var ben = await Person.EnterAsync(hub.Browser, second.Nodes[1].Address, "Ben", Room);
        await Assertions.Expect(ben.Message("Keep this")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_port_in_use_is_refused_with_one_line()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        var (code, _, errors) = await RunningScript.RunAsync("--no-build", "--nodes", "1", "--port", $"{port}");
        code.ShouldBe(1);
        errors.Trim().ShouldBe($"cluster.sh: a port of {port} to {port} is in use: choose another --port");
    }
}

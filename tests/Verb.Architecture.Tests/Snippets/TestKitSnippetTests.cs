using Verb.Actors.Kernel;
using Verb.Actors.Policies;
using Verb.Actors.Rooms;
using Verb.TestKit;
using Verb.TestKit.Hosting;
using Verb.TestKit.Nodes;

namespace Verb.Architecture.Tests.Snippets;

public sealed class TestKitSnippetTests
{
    // begin probe
    private sealed record Greet(string Name, IReplyTo<string> ReplyTo);

    private sealed class Greeter : Actor<Greet>
    {
        protected override ValueTask OnReceive(Greet message)
        {
            message.ReplyTo.Reply($"Hello, {message.Name}");
            return default;
        }
    }

    [Fact]
    public void A_greeter_answers_and_ends()
    {
        using var system = new TestSystem(seed: 7);
        var greeter = system.Spawn(new Props<Greet>(() => new Greeter()), "greeter");
        var probe = system.Probe<string>();

        greeter.Tell(new Greet("Ada", probe.ReplyTo));
        probe.ExpectMsg("Hello, Ada");
        probe.ExpectNoMsg();

        system.System.Stop(greeter);
        probe.ExpectTerminated(greeter);
    }

    // end probe
    // begin clock
    [Fact]
    public void Who_was_lost_leaves_when_the_grace_is_over()
    {
        var policy = new RoomPolicy { LeaveGrace = TimeSpan.FromSeconds(2) };
        using var node = new TestNode(new TestNodeOptions { Rooms = new PolicyTable<RoomPolicy>([], policy) });
        var alice = node.Connect("alice");
        var bob = node.Connect("bob");
        alice.Join("lobby");
        bob.Join("lobby");
        alice.SkipAll();

        bob.Cut();
        node.Advance(TimeSpan.FromMilliseconds(1999));
        alice.ExpectNothing();
        node.Advance(TimeSpan.FromMilliseconds(1));
        alice.Expect("user_left").Number("userCount").ShouldBe(1);
    }

    // end clock
    // begin host
    [Fact]
    public async Task Two_clients_chat_over_real_sockets()
    {
        await using var host = await VerbTestHost.StartAsync();
        await using var alice = await host.ConnectAsync();
        await using var bob = await host.ConnectAsync();
        await alice.AskAsync("""{"type":"join_room","roomId":"lobby"}""");
        await bob.AskAsync("""{"type":"join_room","roomId":"lobby"}""");

        await bob.SendAsync("""{"type":"chat","roomId":"lobby","message":"hi"}""");
        (await alice.ExpectAsync("chat")).GetProperty("message").GetString().ShouldBe("hi");

        bob.Cut();
        await alice.ExpectAsync("user_left");
    }

    // end host
}

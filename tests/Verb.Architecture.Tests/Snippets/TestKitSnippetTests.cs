// begin usings
using System.Text.Json; // JsonSerializer, JsonElement
using Akka.Actor; // UntypedActor, Props
using Microsoft.AspNetCore.Builder; // WebApplication, MapVerb
using Microsoft.Extensions.DependencyInjection; // AddVerb
using Verb.Actors.Policies; // PolicyTable
using Verb.Actors.Rooms; // RoomPolicy
using Verb.Gateway.Requests; // RequestContext
using Verb.TestKit; // TestSystem
using Verb.TestKit.Hosting; // VerbTestHost, SocketClient
using Verb.TestKit.Nodes; // TestNode
using Verb.TestKit.Xunit; // VerbTestKit
// end usings

namespace Verb.Architecture.Tests.Snippets;

public sealed class TestKitSnippetTests
{
    // begin probe
    private sealed record Greet(string Name);

    private sealed class Greeter : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            if (message is Greet greet)
                Sender.Tell($"Hello, {greet.Name}");
        }
    }

    [Fact]
    public void A_greeter_answers_and_ends()
    {
        using var system = new TestSystem(seed: 7);
        var greeter = system.Spawn(Props.Create<Greeter>(), "greeter");
        var probe = system.Probe<string>();

        greeter.Tell(new Greet("Ada"), probe.Ref);
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
    // begin request
    [Fact]
    public async Task A_request_is_answered_by_its_handler()
    {
        await using var host = await VerbTestHost.StartAsync(new VerbTestHostOptions { Verb = v => v.AddRequest("twice", Twice) });
        await using var client = await host.ConnectAsync();

        var reply = await client.AskAsync("""{"type":"twice","payload":21}""");
        reply.GetProperty("data").GetInt32().ShouldBe(42);
    }

    /// <summary>The handler of your own.</summary>
    private static ValueTask<ReadOnlyMemory<byte>> Twice(RequestContext context, ReadOnlyMemory<byte> payload, CancellationToken cancellation) =>
        new(JsonSerializer.SerializeToUtf8Bytes(2 * JsonSerializer.Deserialize<int>(payload.Span)));

    // end request
    // begin app
    [Fact]
    public async Task The_app_as_it_runs_lets_a_client_in()
    {
        var files = Directory.CreateTempSubdirectory();
        await using var app = Shop.Build(
            "--urls=http://127.0.0.1:0", "--Verb:Storage:Kind=memory", $"--Verb:Uploads:Path={files.FullName}", "--Verb:Drain:Grace=0");
        await app.StartAsync();
        await using var client = await SocketClient.ConnectAsync(new Uri(app.Urls.First().Replace("http:", "ws:", StringComparison.Ordinal) + "/ws"));

        await client.ExpectAsync("connected");
        var reply = await client.AskAsync("""{"type":"echo","payload":"hi"}""");
        reply.GetProperty("data").GetString().ShouldBe("hi");
        await client.CloseAsync();
        await app.StopAsync();
        files.Delete(recursive: true);
    }

    /// <summary>What the app's Program.cs calls, and then runs.</summary>
    internal static class Shop
    {
        public static WebApplication Build(params string[] args)
        {
            var builder = WebApplication.CreateBuilder(args);
            builder.Services.AddVerb(builder.Configuration).AddRequest("echo", (context, payload, cancellation) => ValueTask.FromResult(payload));
            var app = builder.Build();
            app.MapVerb();
            return app;
        }
    }

    // end app
}

// begin cart
public sealed class CartTests : VerbTestKit
{
    [Fact]
    public void A_cart_that_is_left_alone_says_so_once_and_ends()
    {
        var cart = Watch(Sys.ActorOf(Props.Create(() => new Cart(TestActor))));
        cart.Tell(new Cart.Add("book"));
        Advance(TimeSpan.FromMinutes(29));
        cart.Tell(new Cart.Add("pen"));

        Advance(TimeSpan.FromMinutes(29));
        ExpectNoMsg();
        Advance(TimeSpan.FromMinutes(1));
        ExpectMsg(new Cart.LeftAlone(Items: 2));
        ExpectTerminated(cart);
    }

    [Fact]
    public void What_has_no_name_makes_it_start_anew()
    {
        var cart = Sys.ActorOf(Props.Create(() => new Cart(TestActor)));
        cart.Tell(new Cart.Add("book"));
        EventFilter.Exception<ArgumentException>().ExpectOne(() => cart.Tell(new Cart.Add("")));
        cart.Tell(new Cart.Add("pen"));

        Advance(TimeSpan.FromMinutes(30));
        ExpectMsg(new Cart.LeftAlone(Items: 1));
    }
}

/// <summary>The actor of your own.</summary>
public sealed class Cart(IActorRef shop) : UntypedActor, IWithTimers
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(30);

    private readonly List<string> _items = [];

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Add added:
                ArgumentException.ThrowIfNullOrEmpty(added.Item);
                _items.Add(added.Item);
                Timers.StartSingleTimer("patience", PatienceOver.Instance, Patience);
                break;
            case PatienceOver:
                shop.Tell(new LeftAlone(_items.Count));
                Context.Stop(Self);
                break;
        }
    }

    public sealed record Add(string Item);

    public sealed record LeftAlone(int Items);

    private sealed record PatienceOver
    {
        public static PatienceOver Instance { get; } = new();
    }
}

// end cart

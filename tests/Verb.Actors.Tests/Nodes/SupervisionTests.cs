using Akka.Actor;
using Verb.Actors.Connections;
using Verb.Actors.Mailboxes;
using Verb.Actors.Nodes;
using Verb.Actors.Regions;
using Verb.Contracts;
using Verb.TestKit;
using Verb.TestKit.Dispatching;
using Verb.TestKit.Nodes;
using Verb.TestKit.Time;

namespace Verb.Actors.Tests.Nodes;

public sealed class SupervisionTests
{
    private readonly RecordingObserver _observer = new();
    private readonly List<string> _log = [];
    private int _instances;

    [Fact]
    public void An_entity_that_fails_starts_anew_and_the_observer_hears_of_it()
    {
        using var system = new TestSystem(observer: _observer);
        var region = Region(system.Hub);
        region.Tell("a/ b", "one");
        region.Tell("a/ b", "fail");
        region.Tell("a/ b", "two");
        system.Settle();

        _log.ShouldBe(["1 start", "1 one", "1 stop", "2 start", "2 two"]);
        _observer.Failures.ShouldBe([("/user/entities/a%2F%20b", "A bug.", Directive.Restart)]);
        system.Hub.DeadLetterCount.ShouldBe(0);
        region.Count.ShouldBe(1);
    }

    [Fact]
    public void The_eleventh_failure_of_a_minute_is_its_end_and_who_is_told_next_is_a_fresh_one()
    {
        using var system = new TestSystem(observer: _observer);
        var region = Region(system.Hub);
        for (var i = 0; i < 10; i++)
            region.Tell("a", "fail");
        system.Settle();
        var first = region.Find("a");
        first.ShouldNotBeNull();
        _instances.ShouldBe(11);

        region.Tell("a", "fail");
        system.Settle();
        region.Find("a").ShouldBeNull();
        region.Count.ShouldBe(0);
        _instances.ShouldBe(11);
        _observer.Failures.Count.ShouldBe(11);

        region.Tell("a", "one");
        system.Settle();
        _log.ShouldContain("12 one");
        region.Find("a").ShouldNotBeNull().ShouldNotBe(first);
    }

    [Fact]
    public void What_waits_for_one_that_failed_too_often_is_refused_and_what_comes_later_is_not()
    {
        using var system = new TestSystem(observer: _observer);
        var region = Region(system.Hub);
        var refused = 0;
        for (var i = 0; i < 11; i++)
            region.Tell("a", "fail");
        region.Tell("a", new Refusable(() => refused++));
        system.Settle();
        refused.ShouldBe(1);
        region.Tell("a", new Refusable(() => refused++));
        system.Settle();

        refused.ShouldBe(1);
        _log[^1].ShouldBe("12 refusable");
        system.Hub.DeadLetterCount.ShouldBe(0);
    }

    [Fact]
    public void A_failure_of_one_entity_is_no_other_ones()
    {
        using var system = new TestSystem(observer: _observer);
        var region = Region(system.Hub);
        region.Tell("b", "one");
        system.Settle();
        for (var i = 0; i < 20; i++)
            region.Tell("a", "fail");
        region.Tell("b", "two");
        system.Settle();

        _log.ShouldContain("1 two");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void One_that_fails_at_its_start_is_started_again_and_the_observer_hears_the_cause(bool inConstructor)
    {
        using var system = new TestSystem(observer: _observer);
        var region = Region(system.Hub, inConstructor ? null : instance => instance <= 2, inConstructor ? instance => instance <= 2 : null);
        region.Tell("a", "one");
        region.Tell("a", "two");
        system.Settle();

        _log.Where(entry => !entry.EndsWith("start", StringComparison.Ordinal)).ShouldBe(["3 one", "3 two"]);
        _observer.Failures.ShouldBe(Enumerable.Repeat(("/user/entities/a", "Not yet.", Directive.Restart), 2));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void One_that_never_gets_started_is_given_up_and_the_next_message_tries_again(bool inConstructor)
    {
        using var system = new TestSystem(observer: _observer);
        var mends = 100;
        bool Fails(int instance) => instance < mends;
        var region = Region(system.Hub, inConstructor ? null : Fails, inConstructor ? Fails : null);
        var refused = 0;
        region.Tell("a", new Refusable(() => refused++));
        system.Settle();
        refused.ShouldBe(1);
        _instances.ShouldBe(11);
        region.Count.ShouldBe(0);

        mends = 0;
        region.Tell("a", "one");
        system.Settle();
        _log[^1].ShouldBe("12 one");
    }

    [Fact]
    public void A_connection_that_fails_ends_and_closes_its_socket_with_1011()
    {
        using var node = new TestNode(new TestNodeOptions { Observer = _observer });
        var ends = new Ends();
        var alice = node.Connect(new ClientOptions { User = "alice", Observer = ends });
        var bob = node.Connect("bob");
        alice.Join("r");
        bob.Join("r");
        alice.Connection.Tell(new ConnectionMessage.Read(null!)); // A bug of the reader.
        node.Settle();

        alice.Closed.ShouldBe(CloseReason.InternalError);
        alice.Closed!.Value.Code.ShouldBe((ushort)1011);
        ends.Reasons.ShouldBe([CloseReason.InternalError]);
        _observer.Failures.Single().ShouldSatisfyAllConditions(
            failure => failure.Path.ShouldBe($"/user/connections/{alice.Setup.Id.Number}"),
            failure => failure.Directive.ShouldBe(Directive.Stop));
        node.Node.Connections.Count.ShouldBe(1);
        alice.Setup.Gate.Wait(CancellationToken.None).AsTask().IsCompletedSuccessfully.ShouldBeTrue();
        bob.Of("user_left").Count.ShouldBe(1);
        bob.Closed.ShouldBeNull();
    }

    [Fact]
    public void A_connection_that_fails_at_its_start_ends_and_closes_its_socket_with_1011()
    {
        using var node = new TestNode(new TestNodeOptions { Observer = _observer });
        var (ends, socket) = (new Ends(), new BrokenSocket());
        var setup = new ConnectionSetup
        {
            Id = node.Node.NextConnectionId(),
            ClientId = new UserId("client"),
            Session = "session",
            Identity = null,
            Socket = new SocketOptions { PingInterval = TimeSpan.FromSeconds(1) },
            Limits = new LimitOptions(),
            Observer = ends,
        };
        var connecting = node.Node.Connect(setup, socket); // Its welcome is the first that is written.
        node.Settle();
        connecting.IsCompletedSuccessfully.ShouldBeTrue();

        _observer.Failures.ShouldBe([($"/user/connections/{setup.Id.Number}", "A broken socket.", Directive.Stop)]);
        socket.Closed.ShouldBe(CloseReason.InternalError);
        ends.Reasons.ShouldBe([CloseReason.InternalError]);
        node.Node.Connections.Count.ShouldBe(0);
        for (var i = 0; i < 3; i++)
            setup.Gate.Take().AsTask().IsCompletedSuccessfully.ShouldBeTrue("its reader does not wait for it");
        node.Advance(TimeSpan.FromHours(49));
        node.Node.ActorCount.ShouldBe(0);
        node.System.Hub.Timers.Count.ShouldBe(0);
    }

    [Fact]
    public void What_reaches_nobody_is_counted_and_told_with_its_path()
    {
        using var system = new TestSystem(observer: _observer);
        var actor = system.Spawn(HubSystem.Props(() => new Silent()), "silent");
        system.Settle();
        system.System.Stop(actor);
        system.Settle();
        actor.Tell("late");
        system.System.ActorSelection("/user/nobody").Tell(1);
        system.Settle();

        system.Hub.DeadLetterCount.ShouldBe(2);
        _observer.DeadLetters.ShouldBe([("/user/silent", "late"), ("/user/nobody", 1)], ignoreOrder: true);
    }

    [Fact]
    public void What_reaches_nobody_before_the_first_actor_has_started_is_not_missed()
    {
        var (dispatcher, clock) = (new SeededDispatcher(1), new ManualClock());
        var hub = new HubSystem(PumpDispatcher.Start("early", dispatcher.Tasks, clock), clock, new Random(1), _observer);
        var refused = 0;
        hub.Actors.DeadLetters.Tell(new Refusable(() => refused++));
        hub.Actors.DeadLetters.Tell("lost");
        dispatcher.RunUntilIdle();

        refused.ShouldBe(1);
        hub.DeadLetterCount.ShouldBe(1);
        dispatcher.Run(() => hub.DisposeAsync().AsTask());
    }

    [Fact]
    public void Without_an_observer_failures_and_dead_letters_are_survived()
    {
        using var system = new TestSystem();
        var region = Region(system.Hub);
        region.Tell("a", "fail");
        region.Tell("a", "one");
        system.Settle();
        ActorRefs.Nobody.Tell(1);
        _log[^1].ShouldBe("2 one");
    }

    private LocalRegion<string> Region(HubSystem hub, Func<int, bool>? startFails = null, Func<int, bool>? makeFails = null) =>
        new(hub, "entities", "entity", (_, slot) =>
        {
            var instance = ++_instances;
            return makeFails?.Invoke(instance) == true
                ? throw new InvalidOperationException("Not yet.")
                : new Entity(slot, instance, _log, () => startFails?.Invoke(instance) == true);
        });

    private sealed record Refusable(Action Refused) : IRefusable
    {
        public void Refuse(IActorRef receiver, IActorRef? sender, Refusal reason) => Refused();
    }

    private sealed class Silent : UntypedActor
    {
        protected override void OnReceive(object message)
        {
        }
    }

    private sealed class Entity(EntitySlot slot, int instance, List<string> log, Func<bool> startFails) : EntityActor(slot)
    {
        protected override void PreStart()
        {
            log.Add($"{instance} start");
            if (startFails())
                throw new InvalidOperationException("Not yet.");
        }

        protected override void OnReceive(object message)
        {
            if (message is "fail")
                throw new InvalidOperationException("A bug.");
            if (message is not BatchEnd)
                log.Add($"{instance} {(message is Refusable ? "refusable" : message)}");
        }

        protected override void PostStop()
        {
            log.Add($"{instance} stop");
            base.PostStop();
        }
    }

    private sealed class Ends : IConnectionObserver
    {
        public List<CloseReason> Reasons { get; } = [];

        public void Identified(Identity identity)
        {
        }

        public void Drained()
        {
        }

        public void Ended(CloseReason reason, bool lost) => Reasons.Add(reason);
    }
}

using Akka.Actor;
using Verb.Actors.Mailboxes;
using Verb.Actors.Nodes;
using Verb.Actors.Regions;
using Verb.TestKit;

namespace Verb.Actors.Tests.Regions;

public sealed class LocalRegionTests
{
    [Fact]
    public void An_entity_is_started_when_it_is_first_told_and_forgotten_when_it_has_ended()
    {
        using var system = new TestSystem();
        var received = 0;
        var region = Region(system.Hub, () => received++);
        region.Count.ShouldBe(0);
        region.Tell("a/ b", 1);
        region.Keys.ShouldBe(["a/ b"]);
        system.Settle();

        received.ShouldBe(1);
        region.Count.ShouldBe(0, "it passivated");
    }

    [Fact]
    public void Telling_only_the_living_starts_nobody()
    {
        using var system = new TestSystem();
        var region = Region(system.Hub, () => { });
        region.TellIfAlive("a", 1);
        system.Settle();
        region.Find("a").ShouldBeNull();
        region.Count.ShouldBe(0);
    }

    [Fact]
    public void What_waits_for_a_start_is_bounded_as_a_mailbox_is_and_in_order()
    {
        using var system = new TestSystem();
        var received = new List<int>();
        var region = new LocalRegion<string>(system.Hub, "entities", "connection", (_, slot) => new Entity(slot, received.Add, passivates: false));
        var refused = 0;
        for (var i = 0; i < 1030; i++)
            region.Tell("a", new Refused(i, () => refused++));
        region.Tell("a", new Control(2000));
        system.Settle();

        refused.ShouldBe(6);
        received.ShouldBe([.. Enumerable.Range(0, 1024), 2000]);
    }

    [Fact]
    public void An_entity_that_is_stopped_is_followed_by_another_for_what_is_told_afterwards()
    {
        using var system = new TestSystem();
        var received = new List<int>();
        var region = new LocalRegion<string>(system.Hub, "entities", "entity", (_, slot) => new Entity(slot, received.Add, passivates: false));
        region.Tell("a", 1);
        system.Settle();
        var first = region.Find("a");
        region.StopAll(_ => true);
        region.Find("a").ShouldBeNull();
        region.Tell("a", 2);
        system.Settle();

        received.ShouldBe([1, 2]);
        region.Find("a").ShouldNotBeNull().ShouldNotBe(first);
        region.Find("a")!.Path.Name.ShouldBe(first!.Path.Name);
    }

    [Fact]
    public void What_concerns_all_does_not_take_the_place_of_the_first_message_to_one()
    {
        using var system = new TestSystem();
        var slot = Slot(system);
        slot.TellIfAlive(1);
        slot.Tell(2, null).ShouldBe(EntitySlot.Fate.First);
        slot.TellIfAlive(3);
        var probe = system.Probe<object>();
        slot.Begin(probe.Ref).ShouldBeTrue();
        slot.TellIfAlive(4);
        probe.Messages.ShouldBe([2, 3, 4]);
    }

    [Fact]
    public void An_entity_that_is_stopped_while_it_is_made_ends_and_what_waits_is_for_another()
    {
        using var system = new TestSystem();
        var (slot, first, second) = (Slot(system), system.Probe<object>(), system.Probe<object>());
        slot.Tell(1, null).ShouldBe(EntitySlot.Fate.First);
        slot.Start();
        slot.Stop().ShouldBeNull();
        slot.Begin(first.Ref).ShouldBeFalse();
        slot.End(first.Ref).ShouldBe(EntitySlot.Fate.First);
        slot.Start();
        slot.Begin(second.Ref).ShouldBeTrue();
        first.ExpectNoMsg();
        second.ExpectMsg((object)1);
    }

    [Fact]
    public void An_entity_that_fails_is_restarted_in_its_place()
    {
        using var system = new TestSystem();
        var received = new List<int>();
        var region = new LocalRegion<string>(system.Hub, "entities", "entity", (_, slot) => new Entity(slot, received.Add, passivates: false));
        region.Tell("a", 1);
        region.Tell("a", -1);
        region.Tell("a", 2);
        system.Settle();
        region.Tell("a", 3);
        system.Settle();

        received.ShouldBe([1, 2, 3]);
    }

    [Fact]
    public void Passivation_loses_nothing_in_any_of_a_thousand_orders()
    {
        for (var seed = 0; seed < 1000; seed++)
        {
            using var system = new TestSystem(seed);
            var received = 0;
            var region = Region(system.Hub, () => received++);
            var sent = 0;
            for (var i = 0; i < 4; i++)
            {
                system.Spawn(HubSystem.Props(() => new Sender(left =>
                {
                    region.Tell($"{left % 2}", 1);
                    sent++;
                })), $"sender-{i}").Tell(9);
            }

            system.Settle();

            received.ShouldBe(sent, $"seed {seed}");
            sent.ShouldBe(40, $"seed {seed}");
            system.Hub.DeadLetterCount.ShouldBe(0, $"seed {seed}");
            region.Count.ShouldBe(0, $"seed {seed}");
        }
    }

    [Fact]
    public async Task Passivation_loses_nothing_on_the_thread_pool()
    {
        await using var hub = new HubSystem(ActorSystem.Create("pool", HubSystem.Configuration), TimeProvider.System, Random.Shared);
        const int Senders = 4;
        const int Each = 25_000;
        var received = 0;
        using var all = new ManualResetEventSlim();
        var region = Region(hub, () =>
        {
            if (Interlocked.Increment(ref received) == Senders * Each)
                all.Set();
        });
        var refused = 0;
        await Task.WhenAll(Enumerable.Range(0, Senders).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < Each; i++)
                region.Tell($"{i % 3}", new Refused(1, () => { Interlocked.Increment(ref refused); region.Tell("again", new Control(1)); }));
        })));

        all.Wait(TimeSpan.FromSeconds(60)).ShouldBeTrue($"{received} of {Senders * Each}, {refused} of them at second try");
        hub.DeadLetterCount.ShouldBe(0);
    }

    private static EntitySlot<string> Slot(TestSystem system) => new("a", "a", 10, system.Hub.Refused("entity"), (_, _) => Props.Empty);

    private static LocalRegion<string> Region(HubSystem hub, Action received) =>
        new(hub, "entities", "entity", (_, slot) => new Entity(slot, _ => received(), passivates: true));

    private sealed record Refused(int Number, Action Count) : IRefusable
    {
        public void Refuse(IActorRef receiver, IActorRef? sender, Refusal reason) => Count();
    }

    private sealed record Control(int Number) : IControlMessage;

    private sealed class Entity(EntitySlot slot, Action<int> received, bool passivates) : EntityActor(slot)
    {
        protected override void OnReceive(object message)
        {
            if (message is BatchEnd)
                return;
            var number = message switch { Refused refused => refused.Number, Control control => control.Number, _ => (int)message };
            if (number < 0)
                throw new InvalidOperationException("A bug.");
            received(number);
            if (passivates)
                TryPassivate();
        }
    }

    private sealed class Sender(Action<int> send) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            var left = (int)message;
            send(left);
            if (left > 0)
                Self.Tell(left - 1);
        }
    }
}

using Akka.Actor;
using Verb.Actors.Mailboxes;
using Verb.Actors.Nodes;
using Verb.Actors.Regions;
using Verb.TestKit;

namespace Verb.Actors.Tests.Regions;

/// <summary>An entity ends, however it does, in the midst of what it is told.</summary>
public sealed class RegionOrderTests
{
    public static TheoryData<int> FirstSeeds => [.. Enumerable.Range(0, 4).Select(i => i * 50)];

    [Theory]
    [MemberData(nameof(FirstSeeds))]
    public void Who_ends_while_others_tell_loses_nothing_that_is_told_afterwards_and_has_no_double(int firstSeed)
    {
        var ends = new int[3];
        for (var seed = firstSeed; seed < firstSeed + 50; seed++)
            Run(seed, ends);
        ends.ShouldAllBe(count => count > 50, "each kind of end was tried");
    }

    [Fact]
    public void A_start_that_is_asked_for_before_the_parent_knows_of_the_end_is_not_forgotten()
    {
        using var system = new TestSystem();
        var received = new List<int>();
        var region = new LocalRegion<string>(system.Hub, "entities", "entity", (_, slot) => new Plain(slot, received));
        region.Tell("a", 1);
        system.Settle();
        var first = (IInternalActorRef)region.Find("a")!;
        var parent = first.Parent;

        // A suspended parent learns of the end itself, but neither of the request to start nor, behind it, of the message that a child has ended.
        parent.Suspend();
        system.Settle();
        region.StopAll(_ => true);
        region.Tell("a", 2);
        system.Settle();
        received.ShouldBe([1]);
        parent.Resume();
        system.Settle();

        CheckSecond(system, region, received, first);
    }

    [Fact]
    public void A_start_that_is_asked_for_while_the_namesake_still_lives_is_not_forgotten()
    {
        using var system = new TestSystem();
        var received = new List<int>();
        var slots = new List<EntitySlot>();
        var region = new LocalRegion<string>(system.Hub, "entities", "entity", (_, slot) =>
        {
            slots.Add(slot);
            return new Plain(slot, received);
        });
        region.Tell("a", 1);
        system.Settle();
        var first = region.Find("a")!;

        slots[0].Leave(first);
        region.Tell("a", 2);
        system.Settle();
        received.ShouldBe([1]);
        system.System.Stop(first);
        system.Settle();

        CheckSecond(system, region, received, first);
    }

    [Fact]
    public void In_every_order_of_an_end_and_a_start_the_second_is_the_one_that_is_told()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            using var system = new TestSystem(seed);
            var received = new List<int>();
            var region = new LocalRegion<string>(system.Hub, "entities", "entity", (_, slot) => new Plain(slot, received));
            region.Tell("a", 1);
            system.Settle();
            var first = region.Find("a")!;
            region.StopAll(_ => true);
            region.Tell("a", 2);
            system.Settle();
            CheckSecond(system, region, received, first);
        }
    }

    private static void CheckSecond(TestSystem system, LocalRegion<string> region, List<int> received, IActorRef first)
    {
        received.ShouldBe([1, 2], $"seed {system.Seed}");
        var second = region.Find("a").ShouldNotBeNull();
        second.ShouldNotBe(first);
        region.Tell("a", 3);
        system.Settle();
        received.ShouldBe([1, 2, 3], $"seed {system.Seed}");
        region.Find("a").ShouldBe(second);
        region.Keys.ShouldBe(["a"]);

        region.StopAll(_ => true);
        system.Settle();
        region.Count.ShouldBe(0, "its place is given up with it");
        region.Tell("a", 4);
        system.Settle();
        received.ShouldBe([1, 2, 3, 4], $"seed {system.Seed}");
        system.Hub.DeadLetterCount.ShouldBe(0);
    }

    private static void Run(int seed, int[] ends)
    {
        using var system = new TestSystem(seed);
        var random = new Random(seed);
        var life = new Life();
        var region = new LocalRegion<string>(system.Hub, "entities", "entity", (key, slot) => new Mortal(slot, key, life));
        for (var i = 0; i < 4; i++)
        {
            system.Spawn(HubSystem.Props(() => new Teller(left =>
            {
                var name = $"{random.Next(2)}";
                switch (random.Next(8))
                {
                    case 0:
                        ends[0]++;
                        if (region.Find(name) is { } entity)
                            life.Left(entity);
                        region.StopAll(key => key == name);
                        break;
                    case 1:
                        ends[1]++;
                        region.Tell(name, life.Tell(Act.Stop));
                        break;
                    case 2:
                        ends[2]++;
                        region.Tell(name, life.Tell(Act.Passivate));
                        break;
                    default:
                        region.Tell(name, life.Tell(Act.None));
                        break;
                }
            })), $"teller-{i}").Tell(20);
        }

        system.Settle();
        life.Check($"seed {seed}");
        system.Hub.DeadLetterCount.ShouldBe(0, $"seed {seed}");
        region.Keys.Count(key => region.Find(key) is null).ShouldBe(0, "whoever has a place lives");
        life.Alive.Values.Sum().ShouldBe(region.Count, $"seed {seed}");
    }

    private enum Act
    {
        None,
        Stop,
        Passivate,
    }

    /// <summary>What was told, taken and refused, and when who left, on one scale of time.</summary>
    private sealed class Life
    {
        private readonly Dictionary<IActorRef, int> _left = [];
        private readonly List<Told> _told = [];
        private int _time;

        public Dictionary<string, int> Alive { get; } = [];

        public int MostAlive { get; private set; }

        public Told Tell(Act act)
        {
            var told = new Told(act, ++_time);
            _told.Add(told);
            return told;
        }

        public void Left(IActorRef entity) => _left.TryAdd(entity, ++_time);

        public void Count(string name, int by)
        {
            Alive[name] = Alive.GetValueOrDefault(name) + by;
            MostAlive = Math.Max(MostAlive, Alive[name]);
        }

        public void Check(string context)
        {
            MostAlive.ShouldBe(1, context);
            foreach (var told in _told)
            {
                (told.Taken + told.RefusedBy.Count).ShouldBe(1, context);
                foreach (var by in told.RefusedBy)
                    told.Time.ShouldBeLessThan(_left[by], $"{context}: it was told afterwards, and is for the next one");
            }
        }
    }

    private sealed class Told(Act act, int time) : IRefusable
    {
        public Act Act => act;

        public int Time => time;

        public int Taken { get; set; }

        public List<IActorRef> RefusedBy { get; } = [];

        void IRefusable.Refuse(IActorRef receiver, IActorRef? sender, Refusal reason)
        {
            reason.ShouldBe(Refusal.Stopped);
            RefusedBy.Add(receiver);
        }
    }

    private sealed class Mortal(EntitySlot slot, string name, Life life) : EntityActor(slot)
    {
        protected override void PreStart() => life.Count(name, 1);

        protected override void OnReceive(object message)
        {
            if (message is not Told told)
                return;
            told.Taken++;
            if (told.Act == Act.Passivate)
            {
                TryPassivate();
            }
            else if (told.Act == Act.Stop)
            {
                life.Left(Self);
                Stop();
            }
        }

        protected override void PostStop()
        {
            life.Count(name, -1);
            base.PostStop();
        }
    }

    private sealed class Teller(Action<int> tell) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            var left = (int)message;
            tell(left);
            if (left > 0)
                Self.Tell(left - 1);
        }
    }

    private sealed class Plain(EntitySlot slot, List<int> received) : EntityActor(slot)
    {
        protected override void OnReceive(object message)
        {
            if (message is int number)
                received.Add(number);
        }
    }
}

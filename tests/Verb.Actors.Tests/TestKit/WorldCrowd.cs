using Akka.Actor;
using Verb.TestKit.Worlds;

namespace Verb.Actors.Tests.TestKit;

/// <summary>Actors of three systems that do all that actors do, for a while, drawn from a seed.</summary>
internal sealed class WorldCrowd
{
    private const int Systems = 3;
    private const int Actors = 6;

    private readonly List<IActorRef> _all = [];

    public WorldCrowd(int seed)
    {
        World = new World(seed);
        for (var s = 0; s < Systems; s++)
        {
            var process = new WorldProcess(World, $"n{s}");
            var system = process.CreateSystem("crowd");
            for (var a = 0; a < Actors; a++)
            {
                var random = new Random((seed * 1000) + (s * Actors) + a);
                _all.Add(system.ActorOf(Props.CreateBy(new Producer(() => new Worker(_all, process, random))), $"w{a}"));
            }
        }
    }

    public World World { get; }

    /// <summary>What a run of this seed leaves: its hash and its steps.</summary>
    public static (ulong Hash, long Steps) Run(int seed)
    {
        var crowd = new WorldCrowd(seed);
        crowd.Begin();
        for (var i = 0; i < 4; i++)
            crowd.Go();
        return crowd.End();
    }

    public void Begin()
    {
        for (var i = 0; i < 20; i++)
            _all[i % _all.Count].Tell(new Hop(8, i));
    }

    public void Go() => World.Advance(TimeSpan.FromMilliseconds(40));

    public (ulong Hash, long Steps) End()
    {
        using (World)
            return (World.Hash, World.Steps);
    }

    private sealed record Hop(int Left, int Id);

    private sealed record Fail;

    private sealed record Stored(int Id);

    private sealed record Question(int Id);

    private sealed record Asked;

    private sealed class Producer(Func<ActorBase> make) : IIndirectActorProducer
    {
        public Type ActorType => typeof(ActorBase);

        public ActorBase Produce() => make();

        public void Release(ActorBase actor)
        {
        }
    }

    private sealed class Worker : ReceiveActor, IWithTimers
    {
        private readonly WorldProcess _process;

        public Worker(List<IActorRef> all, WorldProcess process, Random random)
        {
            _process = process;
            Receive<Hop>(hop =>
            {
                if (hop.Left == 0)
                    return;
                all[random.Next(all.Count)].Tell(hop with { Left = hop.Left - 1 });
                switch (random.Next(10))
                {
                    case 0:
                        Timers.StartSingleTimer($"t{hop.Id}", "tick", TimeSpan.FromMilliseconds(random.Next(50)));
                        break;
                    case 1:
                        Append(hop.Id).PipeTo(Self);
                        break;
                    case 2:
                        Context.Watch(Context.ActorOf(Props.CreateBy(new Producer(() => new Parent())))).Tell("stop");
                        break;
                    case 3:
                        Self.Tell(new Fail());
                        break;
                    case 4:
                        Context.SetReceiveTimeout(TimeSpan.FromMilliseconds(20));
                        break;
                    case 5:
                        Self.Tell(new Question(hop.Id));
                        break;
                    case 6:
                        all[random.Next(all.Count)].Ask<Stored>(new Asked()).PipeTo(Self, useConfigureAwait: true);
                        break;
                    case 7:
                        Append(hop.Id).PipeTo(Self, useConfigureAwait: true);
                        break;
                }
            });
            Receive<Fail>(_ => throw new InvalidOperationException("on purpose"));
            Receive<Asked>(_ => Sender.Tell(new Stored(0)));
            Receive<string>(_ => { });
            Receive<Stored>(_ => { });
            Receive<Terminated>(_ => { });
            Receive<ReceiveTimeout>(_ => Context.SetReceiveTimeout(null));
            ReceiveAsync<Question>(async question =>
            {
                await Append(question.Id);
                await Task.Yield();
                await Task.Delay(TimeSpan.FromMilliseconds(3), process.Clock);
                Self.Tell("answered");
            });
        }

        public ITimerScheduler Timers { get; set; } = null!;

        protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Restart);

        private Task<Stored> Append(int id)
        {
            var done = new TaskCompletionSource<Stored>();
            _process.After(TimeSpan.FromTicks(_process.Random.Next(10_000, 100_000)), () => done.SetResult(new Stored(id)));
            return done.Task;
        }
    }

    private sealed class Parent : UntypedActor
    {
        protected override void PreStart()
        {
            for (var i = 0; i < 3; i++)
                Context.Watch(Context.ActorOf(Say.Props((_, _) => { }), $"leaf{i}"));
        }

        protected override void OnReceive(object message) => Context.Stop(Self);
    }
}

using Akka.Actor;
using Verb.TestKit.Worlds;

namespace Verb.Actors.Tests.TestKit;

public sealed class WorldEscapeTests : IDisposable
{
    private readonly World _world = new(seed: 77);
    private readonly List<string> _heard = [];
    private readonly WorldProcess _process;
    private readonly ActorSystem _system;
    private Timer? _timer;

    public WorldEscapeTests()
    {
        _process = new WorldProcess(_world, "n");
        _system = _process.CreateSystem("s");
    }

    public void Dispose() => _timer?.Dispose();

    public static TheoryData<string, bool> Escapes
    {
        get
        {
            var data = new TheoryData<string, bool>();
            string[] ways =
                ["Task.Run", "Task.Delay", "a timer", "the default scheduler", "not capturing", "an ask's timeout", "a new actor", "a schedule"];
            foreach (var how in ways)
            {
                data.Add(how, false);
                data.Add(how, true);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Escapes))]
    public void What_an_actor_starts_outside_is_found(string how, bool isEager)
    {
        var done = new TaskCompletionSource<string>();
        var silent = _system.ActorOf(Say.Props((_, _) => done.SetResult("done")), "silent");
        var actor = _system.ActorOf(Say.Props((message, context) =>
        {
            _heard.Add((string)message);
            if (message is "go")
                Escape(how, context, silent, done.Task);
        }));
        _world.IsEager = isEager;
        actor.Tell("go");

        var found = Record.Exception(() =>
        {
            _world.Settle();
            SpinWait.SpinUntil(() => _world.Escapes.Count > 0, TimeSpan.FromSeconds(20));
            _world.Dispose();
        });

        found.ShouldBeOfType<WorldEscapeException>(string.Join(' ', _heard)).Message.ShouldContain("seed 77");
        _heard.ShouldBe(["go"]);
        _world.Dispose();
    }

    [Theory]
    [InlineData("an idle actor")]
    [InlineData("a running actor")]
    public void What_another_thread_tells_is_found(string whom)
    {
        var actor = _system.ActorOf(Say.Props((message, context) =>
        {
            _heard.Add((string)message);
            if (message is "go" && whom == "a running actor")
                OnAnotherThread(() => context.Self.Tell("foreign"));
        }));
        actor.Tell("go");
        if (whom == "an idle actor")
        {
            _world.Settle();
            OnAnotherThread(() => actor.Tell("foreign"));
        }

        Should.Throw<WorldEscapeException>(_world.Settle).Message.ShouldContain(nameof(OnAnotherThread));
        _world.Settle();
        _heard.ShouldBe(["go"]);
    }

    [Fact]
    public void What_another_thread_tells_a_running_eager_world_is_found()
    {
        _world.IsEager = true;
        _system.ActorOf(Say.Props((_, context) =>
        {
            var self = context.Self;
            OnAnotherThread(() => self.Tell("foreign"));
        })).Tell("go");

        Should.Throw<WorldEscapeException>(_world.Settle);
    }

    [Fact]
    public async Task An_eager_world_follows_its_test_to_another_thread()
    {
        _world.IsEager = true;
        var actor = _system.ActorOf(Say.Props((message, _) => _heard.Add((string)message)));
        var first = Environment.CurrentManagedThreadId;
        await Task.Factory.StartNew(
            () =>
            {
                Environment.CurrentManagedThreadId.ShouldNotBe(first);
                actor.Tell("go");
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);

        _world.Settle();
        _heard.ShouldBe(["go"]);
    }

    [Theory]
    [InlineData("PipeTo")]
    [InlineData("PipeTo that captures")]
    [InlineData("PipeTo that captures, of another actor's task")]
    [InlineData("Ask and PipeTo that captures")]
    [InlineData("ContinueWith")]
    [InlineData("StartNew")]
    [InlineData("a delay of the clock")]
    public void What_goes_on_in_the_world_is_none(string how)
    {
        var done = new TaskCompletionSource<string>();
        var other = _system.ActorOf(Say.Props((_, context) =>
        {
            if (context.Sender is LocalActorRef)
                done.SetResult("done");
            else
                context.Sender.Tell("done");
        }));
        var actor = _system.ActorOf(Say.Props((message, context) =>
        {
            _heard.Add((string)message);
            if (message is "go")
                GoOn(how, context.Self, other, done.Task);
        }));

        actor.Tell("go");
        _world.Settle();
        if (how is "PipeTo" or "PipeTo that captures" or "ContinueWith")
            _world.Do(() => done.SetResult("done"));
        _world.Advance(TimeSpan.FromSeconds(1));

        _heard.ShouldBe(["go", "done"]);
        _world.Dispose();
    }

    private static void OnAnotherThread(Action action)
    {
        var thread = new Thread(() => action());
        thread.Start();
        thread.Join();
    }

    private void Escape(string how, IUntypedActorContext context, IActorRef other, Task<string> task)
    {
        var self = context.Self;
        switch (how)
        {
            case "Task.Run":
                Task.Run(() => self.Tell("done"));
                break;
            case "Task.Delay":
                Task.Delay(50).PipeTo(self, useConfigureAwait: true, success: () => "done");
                break;
            case "a timer":
                _timer = new Timer(_ => self.Tell("done"), null, 1, Timeout.Infinite);
                break;
            case "the default scheduler":
                Task.CompletedTask.ContinueWith(_ => self.Tell("done"), TaskScheduler.Default);
                break;
            case "not capturing":
                task.PipeTo(self);
                other.Tell("go", self);
                break;
            case "an ask's timeout":
                _system.DeadLetters.Ask<string>("anyone?", TimeSpan.FromMilliseconds(1)).PipeTo(self, useConfigureAwait: true);
                break;
            case "a new actor":
                var system = _system;
                Task.Run(() => system.ActorOf(Say.Props((_, _) => { })));
                break;
            case "a schedule":
                var scheduler = _system.Scheduler;
                Task.Run(() => scheduler.ScheduleTellOnce(TimeSpan.Zero, self, "done", self));
                break;
        }
    }

    private void GoOn(string how, IActorRef self, IActorRef other, Task<string> task)
    {
        switch (how)
        {
            case "PipeTo":
                task.PipeTo(self);
                break;
            case "PipeTo that captures":
                task.PipeTo(self, useConfigureAwait: true);
                break;
            case "PipeTo that captures, of another actor's task":
                task.PipeTo(self, useConfigureAwait: true);
                other.Tell("go", self);
                break;
            case "Ask and PipeTo that captures":
                other.Ask<string>("go").PipeTo(self, useConfigureAwait: true);
                break;
            case "ContinueWith":
                task.ContinueWith(done => self.Tell(done.Result));
                break;
            case "StartNew":
                Task.Factory.StartNew(() => self.Tell("done"));
                break;
            case "a delay of the clock":
                Task.Delay(TimeSpan.FromSeconds(1), _process.Clock).PipeTo(self, useConfigureAwait: true, success: () => "done");
                break;
        }
    }
}

using System.Globalization;
using System.Text;
using Verb.Actors.Kernel;
using Verb.TestKit;

namespace Verb.Actors.Tests.Kernel;

/// <summary>
/// A world drawn from a seed: actors that tell each other, wait, fail, spawn, watch, set timers, passivate and stop as they please, until
/// they run out of messages. It keeps the books and checks the kernel's promises as it goes.
/// </summary>
internal sealed class RandomWorld : IDisposable
{
    private readonly TestSystem _system;
    private readonly StringBuilder _trace = new();
    private readonly List<IActorRef<Message>> _actors = [];
    private readonly Dictionary<(int From, int To), int> _heard = [];
    private readonly HashSet<int> _inside = [];
    private readonly List<string> _violations = [];
    private readonly Random _random;
    private int _budget = 150;
    private int _sent;
    private int _received;

    public RandomWorld(int seed)
    {
        _system = new TestSystem(seed, rootStrategy: new SupervisorStrategy(_ => Any(Directive.Resume, Directive.Restart, Directive.Restart, Directive.Stop)));
        _random = _system.Random;
    }

    public string Trace => _trace.ToString();

    public void Run()
    {
        for (var i = 0; i < 5; i++)
            Spawn(null);
        for (var i = 0; i < 20; i++)
        {
            Send(-2, i, _random.Next(_actors.Count));
            if (_random.Next(4) == 0)
                _system.Advance(TimeSpan.FromMilliseconds(_random.Next(50)));
        }

        _system.Advance(TimeSpan.FromSeconds(2));
        _system.Dispose();
        _violations.ShouldBeEmpty();
        _system.System.ActorCount.ShouldBe(0);
        _system.System.TimerCount.ShouldBe(0);
        (_received + _system.System.DeadLetterCount).ShouldBe(_sent);
        _actors.ShouldAllBe(actor => actor.TryTell(default) == TellResult.Stopped);
    }

    public void Dispose() => _system.Dispose();

    private void Spawn(IActorContext<Message>? parent)
    {
        var id = _actors.Count;
        var props = new Props<Message>(() => new ScriptedActor<Message>
        {
            Start = context => Turn(id, "start", context),
            Receive = (context, message) => Hear(id, context, message),
            BatchEnd = context => _random.Next(5) == 0 ? Turn(id, "batch end", context) : default,
            Terminated = (context, actor) => Turn(id, $"terminated {actor.Path}", context),
            Stop = context => Turn(id, "stop", context),
        })
        {
            Mailbox = new MailboxOptions { Bound = _random.Next(1, 8), BatchSize = _random.Next(1, 4) },
            Supervisor = new SupervisorStrategy(_ => Any(Directive.Resume, Directive.Restart, Directive.Stop, Directive.Escalate)),
        };
        _actors.Add(parent is null ? _system.Spawn(props, $"{id}") : parent.Spawn(props, $"{id}"));
    }

    private void Send(int from, int number, int to)
    {
        _sent++;
        _actors[to].Tell(new Message(from, number));
    }

    private ValueTask Hear(int id, IActorContext<Message> context, Message message)
    {
        if (message.From != -1)
        {
            _received++;
            var last = _heard.GetValueOrDefault((message.From, id), -1);
            if (message.Number <= last)
                _violations.Add($"{id} heard {message} after {last}");
            _heard[(message.From, id)] = message.Number;
        }

        return Turn(id, $"{message}", context);
    }

    private async ValueTask Turn(int id, string what, IActorContext<Message> context)
    {
        _trace.Append(CultureInfo.InvariantCulture, $"{id} {what}\n");
        if (!_inside.Add(id))
            _violations.Add($"{id} ran twice at a time");
        try
        {
            for (var i = _random.Next(3); i > 0 && _budget > 0 && what != "stop"; i--)
                await Act(id, context);
        }
        finally
        {
            _inside.Remove(id);
        }
    }

    private async ValueTask Act(int id, IActorContext<Message> context)
    {
        var other = _random.Next(_actors.Count);
        switch (_random.Next(16))
        {
            case < 6:
                Send(id, 1000 - --_budget, other);
                break;
            case 6:
                await Task.Yield();
                break;
            case 7:
                throw new InvalidOperationException("as it pleases");
            case 8 when _actors.Count < 30:
                Spawn(context);
                break;
            case 9:
                context.Watch(_actors[other]);
                break;
            case 10:
                context.Unwatch(_actors[other]);
                break;
            case 11:
                context.StartTimer(_random.Next(3), new Message(-1, 0), TimeSpan.FromMilliseconds(_random.Next(20)), Any<TimeSpan?>(null, TimeSpan.FromMilliseconds(100)));
                break;
            case 12:
                context.CancelTimer(_random.Next(3));
                break;
            case 13:
                await WaitFor(context);
                break;
            case 14:
                context.TryPassivate();
                break;
            case 15 when _random.Next(3) == 0:
                _system.System.Stop(_actors[other]);
                break;
        }
    }

    private async Task WaitFor(IActorContext<Message> context)
    {
        var due = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var timer = context.Clock.CreateTimer(_ => due.TrySetResult(), null, TimeSpan.FromMilliseconds(_random.Next(30)), Timeout.InfiniteTimeSpan);
        await due.Task;
    }

    private T Any<T>(params ReadOnlySpan<T> choices) => choices[_random.Next(choices.Length)];

    internal readonly record struct Message(int From, int Number);
}

using Akka.Actor;
using Microsoft.Extensions.Logging.Abstractions;
using Verb.Actors.Connections;
using Verb.Actors.Durability;
using Verb.Actors.Sharding;
using Verb.Contracts;
using Verb.Gateway.Hosting;
using Verb.Gateway.Settings;
using Verb.TestKit;
using Verb.TestKit.Probes;

namespace Verb.Gateway.Tests.Hosting;

public sealed class DrainTests : IDisposable
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private readonly TestSystem _system = new();
    private readonly ConnectionDirectory _connections = new();
    private readonly List<TimeSpan> _closes = [];
    private readonly DateTimeOffset _start;
    private Func<CancellationToken, Task> _handOver = _ => Task.CompletedTask;
    private int _handOvers;

    public DrainTests() => _start = _system.Clock.GetUtcNow();

    public void Dispose() => _system.Dispose();

    [Theory]
    [InlineData(1_000, 10_000, 30)]
    [InlineData(1_000, 0, 120)]
    [InlineData(0, 0, 20)]
    public void The_host_leaves_time_for_the_closes_also_where_there_is_no_limit(int closesPerSecond, int connections, int seconds) =>
        Drain.Longest(new DrainOptions { ClosesPerSecond = closesPerSecond }, connections).ShouldBe(TimeSpan.FromSeconds(seconds));

    [Fact]
    public void Clients_are_told_then_the_shards_are_handed_over_then_after_the_grace_the_clients_are_closed()
    {
        var client = Connect(1);
        var handedOver = new TaskCompletionSource();
        _handOver = _ => handedOver.Task;
        var drain = Begin(Make());

        client.ExpectMsg<ConnectionMessage.Tell>();
        _handOvers.ShouldBe(1);
        _system.Advance(TimeSpan.FromSeconds(4));
        client.ExpectNoMsg();
        _system.Run(() => { handedOver.SetResult(); return Task.CompletedTask; });
        _system.Advance(Grace - TimeSpan.FromMilliseconds(1));
        client.ExpectNoMsg();
        _system.Advance(TimeSpan.FromMilliseconds(1));
        client.ExpectMsg<ConnectionMessage.CloseWith>().Reason.ShouldBe(CloseReason.ServerShutdown);
        drain.IsCompleted.ShouldBeFalse();
        _connections.Remove(Id(1));
        _system.Advance(TimeSpan.FromSeconds(1));
        drain.IsCompletedSuccessfully.ShouldBeTrue();
    }

    [Fact]
    public void A_node_without_clients_hands_over_and_has_no_grace()
    {
        Begin(Make()).IsCompletedSuccessfully.ShouldBeTrue();
        _handOvers.ShouldBe(1);
    }

    [Fact]
    public void Asking_again_waits_for_the_same_drain()
    {
        var client = Connect(1);
        var drain = Make();
        drain.HasBegun.ShouldBeFalse();
        var first = Begin(drain);
        drain.HasBegun.ShouldBeTrue();
        var second = Begin(drain);
        second.IsCompleted.ShouldBeFalse();
        _connections.Remove(Id(1));
        _system.Advance(Grace);
        first.IsCompletedSuccessfully.ShouldBeTrue();
        second.IsCompletedSuccessfully.ShouldBeTrue();
        Begin(drain).IsCompletedSuccessfully.ShouldBeTrue();
        client.Messages.OfType<ConnectionMessage.Tell>().ShouldHaveSingleItem();
        _handOvers.ShouldBe(1);
    }

    [Fact]
    public void Clients_are_closed_at_the_rate_in_batches_that_are_not_evenly_spaced()
    {
        ConnectSomeWhoLeave(100);
        Begin(Make(new DrainOptions { Grace = TimeSpan.Zero, ClosesPerSecond = 20 }));
        _system.Advance(TimeSpan.FromSeconds(20));

        _closes.Count.ShouldBe(100);
        (_closes[^1] - _closes[0]).ShouldBeInRange(TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(6));
        var pauses = _closes.Zip(_closes.Skip(1), (earlier, later) => (later - earlier).TotalMilliseconds).Where(pause => pause > 0).ToList();
        pauses.Count.ShouldBe(49);
        pauses.ShouldAllBe(pause => pause >= 49 && pause <= 151);
        pauses.Distinct().Count().ShouldBeGreaterThan(25);
    }

    [Fact]
    public void A_rate_below_ten_a_second_is_kept_too()
    {
        ConnectSomeWhoLeave(11);
        Begin(Make(new DrainOptions { Grace = TimeSpan.Zero, ClosesPerSecond = 2 }));
        _system.Advance(TimeSpan.FromSeconds(2));
        _closes.Count.ShouldBeInRange(3, 9);
        _system.Advance(TimeSpan.FromSeconds(8));
        _closes.Count.ShouldBe(11);
    }

    [Fact]
    public void A_hand_over_that_fails_or_does_not_end_keeps_no_client_waiting_for_ever()
    {
        _handOver = _ => throw new StorageException(StorageFault.Device, "The database is gone.");
        Begin(Make()).IsCompletedSuccessfully.ShouldBeTrue();
        _handOver = _ => new TaskCompletionSource().Task;
        var drain = Begin(Make());
        drain.IsCompleted.ShouldBeFalse();
        _system.Advance(Drain.HandOverTime);
        drain.IsCompletedSuccessfully.ShouldBeTrue();
    }

    [Fact]
    public void Where_the_host_has_no_more_time_it_ends_also_if_someone_else_began_it()
    {
        Connect(1);
        var drain = Make();
        var first = Begin(drain);
        using var deadline = new CancellationTokenSource();
        var second = Begin(drain, deadline.Token);
        second.IsCompleted.ShouldBeFalse();
        _system.Run(() => { deadline.Cancel(); return Task.CompletedTask; });
        _system.Settle();
        first.IsCompletedSuccessfully.ShouldBeTrue();
        second.IsCompletedSuccessfully.ShouldBeTrue();
    }

    private Drain Make(DrainOptions? options = null) => new(
        _connections, HandOver, options ?? new DrainOptions { Grace = Grace }, _system.Clock, new Random(3), NullLogger<Drain>.Instance);

    private Task HandOver(CancellationToken cancellation)
    {
        _handOvers++;
        return _handOver(cancellation);
    }

    private Task Begin(Drain drain, CancellationToken cancellation = default)
    {
        var running = Task.CompletedTask;
        _system.Run(() =>
        {
            running = drain.Run(cancellation);
            return Task.CompletedTask;
        });
        _system.Settle();
        return running;
    }

    private Probe<ConnectionMessage> Connect(int number)
    {
        var probe = _system.Probe<ConnectionMessage>($"connection-{number}");
        _connections.Add(Id(number), probe.Ref);
        return probe;
    }

    private void ConnectSomeWhoLeave(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var id = Id(i);
            _connections.Add(id, _system.Spawn(Props.Create(() => new Leaver(this, id)), $"connection-{i}"));
        }
    }

    private static ConnectionId Id(int number) => new(new NodeId("n"), number);

    /// <summary>A client that answers a close at once.</summary>
    private sealed class Leaver(DrainTests test, ConnectionId id) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            if (message is not ConnectionMessage.CloseWith)
                return;
            test._closes.Add(test._system.Clock.GetUtcNow() - test._start);
            test._connections.Remove(id);
        }
    }
}

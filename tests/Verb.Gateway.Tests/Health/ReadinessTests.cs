using Verb.Actors.Durability;
using Verb.Gateway.Health;
using Verb.TestKit.Time;

namespace Verb.Gateway.Tests.Health;

public sealed class ReadinessTests
{
    private readonly ManualClock _clock = new();
    private bool _isDraining;
    private bool _hasLease = true;
    private Func<ValueTask> _store = () => ValueTask.CompletedTask;
    private int _touches;

    [Fact]
    public async Task It_is_ready_once_the_server_listens()
    {
        var readiness = Make();
        (await Reason(readiness)).ShouldBe("starting");
        readiness.Ready();
        (await Reason(readiness)).ShouldBeNull();
    }

    [Fact]
    public async Task A_hub_that_drains_is_not_ready()
    {
        var readiness = Make();
        readiness.Ready();
        _isDraining = true;
        (await Reason(readiness)).ShouldBe("draining");
    }

    [Fact]
    public async Task A_node_that_lost_its_place_in_the_cluster_is_not_ready_until_it_has_it_again()
    {
        var readiness = Make();
        readiness.Ready();
        _hasLease = false;
        (await Reason(readiness)).ShouldBe("lease lost");
        _touches.ShouldBe(0);
        _hasLease = true;
        (await Reason(readiness)).ShouldBeNull();
    }

    [Fact]
    public async Task A_hub_whose_store_fails_is_not_ready_until_it_works_again()
    {
        var readiness = Make();
        readiness.Ready();
        _store = () => throw new StorageException(StorageFault.Device, "The disk does not answer.");
        (await Reason(readiness)).ShouldBe("store unavailable");
        _store = () => ValueTask.CompletedTask;
        _clock.Advance(TimeSpan.FromSeconds(1));
        (await Reason(readiness)).ShouldBeNull();
    }

    [Fact]
    public async Task With_a_full_disk_it_is_ready_for_no_other_node_would_be_better()
    {
        var readiness = Make();
        readiness.Ready();
        _store = () => throw new StorageException(StorageFault.Full, "The disk is full.");
        (await Reason(readiness)).ShouldBeNull();
    }

    [Fact]
    public async Task A_store_that_does_not_answer_counts_as_unavailable()
    {
        var readiness = Make();
        readiness.Ready();
        _store = () => new ValueTask(new TaskCompletionSource().Task);
        var reason = Reason(readiness);
        reason.IsCompleted.ShouldBeFalse();
        _clock.Advance(TimeSpan.FromSeconds(2));
        (await reason).ShouldBe("store unavailable");
    }

    [Fact]
    public async Task However_often_somebody_asks_the_store_is_touched_once_a_second()
    {
        var readiness = Make();
        readiness.Ready();
        for (var i = 0; i < 10; i++)
            await Reason(readiness);
        _touches.ShouldBe(1);
        _clock.Advance(TimeSpan.FromSeconds(1));
        await Reason(readiness);
        _touches.ShouldBe(2);
    }

    private static Task<string?> Reason(Readiness readiness) => readiness.Reason(CancellationToken.None).AsTask();

    private Readiness Make() => new(() => _isDraining, () => _hasLease, _ => Touch(), _clock);

    private ValueTask Touch()
    {
        _touches++;
        return _store();
    }
}

using Verb.Actors.Durability;
using Verb.Gateway.Hosting;
using Verb.TestKit.Time;

namespace Verb.Gateway.Tests.Hosting;

public sealed class StorageOutageTests
{
    private readonly ManualClock _clock = new();
    private readonly StorageOutage _outage;

    public StorageOutageTests() => _outage = new StorageOutage(_clock);

    [Theory]
    [InlineData(nameof(StorageWork.Write))]
    [InlineData(nameof(StorageWork.Open))]
    [InlineData(nameof(StorageWork.Read))]
    [InlineData(nameof(StorageWork.Directory))]
    public void It_is_over_when_the_kind_of_work_that_failed_is_done_and_no_other(string kind)
    {
        var failed = Enum.Parse<StorageWork>(kind);
        _outage.OnFailed(failed, 0, StorageFault.Device);
        _clock.Advance(TimeSpan.FromSeconds(5));
        foreach (var other in Enum.GetValues<StorageWork>().Where(work => work != failed))
            _outage.OnDone(other, 1_000).ShouldBeNull();
        _outage.OnDone(failed, 0).ShouldBe(TimeSpan.FromSeconds(5));
        _outage.OnDone(failed, 0).ShouldBeNull(); // Told once.
    }

    [Fact]
    public void Where_several_kinds_failed_all_have_to_be_done()
    {
        _outage.OnFailed(StorageWork.Directory, 0, StorageFault.Device);
        _outage.OnFailed(StorageWork.Write, 10, StorageFault.Device);
        _outage.OnDone(StorageWork.Directory, 0).ShouldBeNull();
        _outage.OnFailed(StorageWork.Directory, 0, StorageFault.Device);
        _outage.OnDone(StorageWork.Write, 10).ShouldBeNull();
        _outage.OnDone(StorageWork.Directory, 0).ShouldNotBeNull();
    }

    [Theory]
    [InlineData(StorageFault.Full)]
    [InlineData(StorageFault.ReadOnly)]
    public void Whatever_could_not_be_written_a_write_shows_that_it_can(StorageFault fault)
    {
        _outage.OnFailed(StorageWork.Open, 0, fault); // A room that is new; others open.
        _outage.OnDone(StorageWork.Open, 0).ShouldBeNull();
        _outage.OnDone(StorageWork.Write, 0).ShouldBeNull(); // Nothing of any size.
        _outage.OnDone(StorageWork.Write, 1).ShouldNotBeNull();
    }

    [Fact]
    public void After_a_calm_minute_a_smaller_write_will_do()
    {
        _outage.OnFailed(StorageWork.Write, 1_000_000, StorageFault.Full);
        _clock.Advance(StorageOutage.Calm - TimeSpan.FromTicks(1));
        _outage.OnDone(StorageWork.Write, 10).ShouldBeNull();
        _clock.Advance(TimeSpan.FromTicks(1));
        _outage.OnDone(StorageWork.Read, 0).ShouldBeNull();
        _outage.OnDone(StorageWork.Write, 10).ShouldBe(StorageOutage.Calm);
    }

    [Theory]
    [InlineData(StorageFault.Overloaded)]
    [InlineData(StorageFault.Damaged)]
    public void What_passes_by_itself_and_what_does_not_pass_is_no_outage(StorageFault fault)
    {
        _outage.OnFailed(StorageWork.Write, 1, fault);
        _outage.OnDone(StorageWork.Write, 1).ShouldBeNull();
    }
}

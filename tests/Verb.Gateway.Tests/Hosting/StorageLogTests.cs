using Microsoft.Extensions.Logging;
using Verb.Actors.Durability;
using Verb.Actors.Sharding;
using Verb.Gateway.Hosting;
using Verb.TestKit.Time;

namespace Verb.Gateway.Tests.Hosting;

public class StorageLogTests
{
    [Fact]
    public async Task A_failing_store_is_told_once_in_ten_seconds_for_each_kind_of_failure()
    {
        var clock = new ManualClock();
        var lines = new Lines();
        var log = new StorageLog(lines, clock);

        await Fail(log, StorageFault.Full);
        await Fail(log, StorageFault.Full);
        await Fail(log, StorageFault.ReadOnly);
        lines.Told.ShouldBe(["The store failed (Full): no space", "The store failed (ReadOnly): no space"]);

        clock.Advance(TimeSpan.FromSeconds(10));
        await Fail(log, StorageFault.Full);
        lines.Told.Count.ShouldBe(3);
    }

    [Fact]
    public async Task That_it_works_again_is_told_once_it_writes_and_its_next_failure_is_news()
    {
        var clock = new ManualClock();
        var lines = new Lines();
        var log = new StorageLog(lines, clock);
        await Fail(log, StorageFault.Device);
        clock.Advance(TimeSpan.FromSeconds(4));
        await log.Watch(StorageWork.Read, ValueTask.FromResult(7)); // It reads; that says nothing of writing.
        lines.Told.Count.ShouldBe(1);

        (await Write(log, 1)).ShouldBe(AppendResult.Committed);
        (await Write(log, 1)).ShouldBe(AppendResult.Committed);
        lines.Told.Skip(1).ShouldBe(["The store works again, 4.0 s after it failed first"]);

        await Fail(log, StorageFault.Device);
        lines.Told.Count.ShouldBe(3);
    }

    [Fact]
    public async Task What_is_too_much_is_no_outage()
    {
        var lines = new Lines();
        var log = new StorageLog(lines, new ManualClock());
        await Fail(log, StorageFault.Overloaded);

        await Write(log, 1);

        lines.Told.ShouldBe(["The store failed (Overloaded): no space"]);
    }

    [Fact]
    public async Task Writes_their_time_and_failures_are_counted()
    {
        var clock = new ManualClock();
        var log = new StorageLog(new Lines(), clock);
        var write = new TaskCompletionSource<AppendResult>();

        var waiting = log.Watch(1, new Fence(1, 1), new ValueTask<AppendResult>(write.Task)).AsTask();
        (log.Counters.Waiting, log.Counters.Writes).ShouldBe((1, 0));
        clock.Advance(TimeSpan.FromMilliseconds(20));
        write.SetException(new StorageException(StorageFault.Full, "no space"));
        await Should.ThrowAsync<StorageException>(() => waiting);

        (log.Counters.Waiting, log.Counters.Writes, log.Counters.WriteTime).ShouldBe((0, 1, TimeSpan.FromMilliseconds(20)));
        (log.Counters.Failures(StorageFault.Full), log.Counters.Failures(StorageFault.Device)).ShouldBe((1, 0));
    }

    [Fact]
    public async Task What_the_store_gives_is_passed_on()
    {
        var lines = new Lines();
        (await new StorageLog(lines, new ManualClock()).Watch(StorageWork.Read, ValueTask.FromResult(7))).ShouldBe(7);
        lines.Told.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_the_store_refuses_for_a_lost_fence_is_told_likewise()
    {
        var clock = new ManualClock();
        var lines = new Lines();
        var log = new StorageLog(lines, clock);
        var fence = new Fence(17, 4);

        (await log.Watch(1, fence, ValueTask.FromResult(AppendResult.Committed))).ShouldBe(AppendResult.Committed);
        (await log.Watch(fence, ValueTask.FromResult<string?>("record"))).ShouldBe("record");
        lines.Told.ShouldBeEmpty();

        (await log.Watch(1, fence, ValueTask.FromResult(AppendResult.FenceLost))).ShouldBe(AppendResult.FenceLost);
        (await log.Watch(fence, ValueTask.FromResult<string?>(null))).ShouldBeNull();
        lines.Told.ShouldHaveSingleItem().ShouldContain("shard 17 has had another owner since term 4");

        clock.Advance(TimeSpan.FromSeconds(10));
        (await log.Watch(fence, ValueTask.FromResult<string?>(null))).ShouldBeNull();
        lines.Told.Count.ShouldBe(2);
    }

    [Fact]
    public async Task While_a_disk_is_full_opening_and_reading_and_smaller_writes_do_not_mean_that_it_works_again()
    {
        var clock = new ManualClock();
        var lines = new Lines();
        var log = new StorageLog(lines, clock);
        for (var i = 0; i < 10; i++)
        {
            await Fail(log, StorageFault.Full, bytes: 500);
            await log.Watch(new Fence(1, 1), ValueTask.FromResult<string?>("the room, opened again"));
            await log.Watch(StorageWork.Read, ValueTask.FromResult(7));
            await log.Watch(StorageWork.Directory, ValueTask.FromResult(7));
            await Write(log, 0);
            await Write(log, 499);
            clock.Advance(TimeSpan.FromSeconds(3));
        }

        lines.Told.ShouldAllBe(line => line.StartsWith("The store failed"));
        await Write(log, 500);
        lines.Told[^1].ShouldBe("The store works again, 30.0 s after it failed first");
    }

    private static ValueTask<AppendResult> Write(StorageLog log, long bytes) =>
        log.Watch(bytes, new Fence(1, 1), ValueTask.FromResult(AppendResult.Committed));

    private static Task<StorageException> Fail(StorageLog log, StorageFault fault, long bytes = 1) => Should.ThrowAsync<StorageException>(
        async () => await log.Watch(bytes, new Fence(1, 1), ValueTask.FromException<AppendResult>(new StorageException(fault, "no space"))));

    private sealed class Lines : ILogger
    {
        public List<string> Told { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Told.Add(formatter(state, exception));
    }
}

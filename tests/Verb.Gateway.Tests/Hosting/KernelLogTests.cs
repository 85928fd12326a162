using Verb.Actors.Kernel;
using Verb.Actors.Rooms;
using Verb.Gateway.Hosting;
using Verb.TestKit.Time;

namespace Verb.Gateway.Tests.Hosting;

public class KernelLogTests
{
    [Fact]
    public void Rooms_that_are_loaded_anew_are_one_line_in_ten_seconds_and_no_failure()
    {
        var (clock, log) = (new ManualClock(), new ListLog());
        var kernel = new KernelLog(log, clock);

        kernel.Failed("/room/r", new RoomLostException("Room 'r' is loaded anew."), Directive.Restart);
        kernel.Failed("/room/s", new RoomLostException("Room 's' is loaded anew."), Directive.Restart);
        log.Lines.ShouldHaveSingleItem().ShouldStartWith("Information 1003: Room 'r' is loaded anew.");

        clock.Advance(TimeSpan.FromSeconds(10));
        kernel.Failed("/room/s", new RoomLostException("Room 's' is loaded anew."), Directive.Restart);
        log.Lines.Count.ShouldBe(2);
    }

    [Fact]
    public void An_actor_that_fails_is_told_each_time()
    {
        var log = new ListLog();
        var kernel = new KernelLog(log, new ManualClock());

        kernel.Failed("/room/r", new InvalidOperationException("A bug."), Directive.Restart);
        kernel.Failed("/room/r", new InvalidOperationException("A bug."), Directive.Restart);

        log.Lines.ShouldBe(["Error 1002: Actor /room/r failed: Restart", "Error 1002: Actor /room/r failed: Restart"]);
    }
}

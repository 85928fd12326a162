using Akka.Actor;
using Verb.Actors.Rooms;
using Verb.Gateway.Hosting;
using Verb.TestKit.Time;

namespace Verb.Gateway.Tests.Hosting;

public class ActorLogTests
{
    [Fact]
    public void Rooms_that_are_loaded_anew_are_one_line_in_ten_seconds_and_no_failure()
    {
        var (clock, log) = (new ManualClock(), new ListLog());
        var actors = new ActorLog(log, clock);

        actors.Failed("/user/rooms/r", new RoomLostException("Room 'r' is loaded anew."), Directive.Restart);
        actors.Failed("/user/rooms/s", new RoomLostException("Room 's' is loaded anew."), Directive.Restart);
        log.Lines.ShouldHaveSingleItem().ShouldStartWith("Information 1003: Room 'r' is loaded anew.");

        clock.Advance(TimeSpan.FromSeconds(10));
        actors.Failed("/user/rooms/s", new RoomLostException("Room 's' is loaded anew."), Directive.Restart);
        log.Lines.Count.ShouldBe(2);
    }

    [Fact]
    public void An_actor_that_fails_is_told_each_time()
    {
        var log = new ListLog();
        var actors = new ActorLog(log, new ManualClock());

        actors.Failed("/user/rooms/r", new InvalidOperationException("A bug."), Directive.Restart);
        actors.Failed("/user/rooms/r", new InvalidOperationException("A bug."), Directive.Restart);

        log.Lines.ShouldBe(["Error 1002: Actor /user/rooms/r failed: Restart", "Error 1002: Actor /user/rooms/r failed: Restart"]);
    }
}

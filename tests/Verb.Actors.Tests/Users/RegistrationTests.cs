using Verb.Actors.Connections;
using Verb.Actors.Users;

namespace Verb.Actors.Tests.Users;

public sealed class RegistrationTests
{
    [Fact]
    public void Up_to_the_limit_connections_are_taken()
    {
        using var world = new UserWorld();
        for (var i = 1; i <= 5; i++)
            world.Connect(i).Heard(i).ShouldBe(["registered"]);
    }

    [Fact]
    public void Where_all_are_alive_one_more_is_refused_with_4003()
    {
        using var world = new UserWorld().Connected(1, 2, 3, 4, 5);
        world.Connect(6);
        for (var i = 1; i <= 5; i++)
        {
            world.Heard(i).ShouldBe(["are you alive?"]);
            world.Heard(6).ShouldBeEmpty();
            world.Tell(new UserMessage.Alive(UserWorld.Id(i)));
        }

        world.Heard(6).ShouldBe(["refused 4003"]);
        world.Advance(5);
        world.Heard(1).ShouldBeEmpty();
    }

    [Fact]
    public void One_that_is_silent_for_two_seconds_is_cut_and_gives_its_place_away()
    {
        using var world = new UserWorld().Connected(1, 2, 3, 4, 5);
        world.Connect(6);
        world.Connect(7);
        foreach (var alive in new long[] { 1, 2, 4, 5 })
            world.Tell(new UserMessage.Alive(UserWorld.Id(alive)));
        world.Advance(1.9);
        world.Heard(6).ShouldBeEmpty();
        world.Advance(0.1);

        world.Heard(3).ShouldBe(["are you alive?", "lost"]);
        world.Heard(6).ShouldBe(["registered"]);
        world.Heard(7).ShouldBe(["refused 4003"]);
    }

    [Fact]
    public void One_that_ends_while_it_is_asked_gives_its_place_away()
    {
        using var world = new UserWorld().Connected(1);
        world.Connect(2, limit: 1);
        world.End(1);
        world.Heard(2).ShouldBe(["registered"]);
    }

    [Fact]
    public void One_that_ended_while_it_waited_takes_no_place()
    {
        using var world = new UserWorld().Connected(1);
        world.Connect(2, limit: 1);
        world.End(2);
        world.Tell(new UserMessage.Unregister(UserWorld.Id(1)));
        world.Connect(3, limit: 1).Heard(3).ShouldBe(["registered"]);
        world.Heard(2).ShouldBeEmpty();
    }

    [Fact]
    public void Zero_is_no_limit()
    {
        using var world = new UserWorld();
        for (var i = 1; i <= 20; i++)
            world.Connect(i, limit: 0).Heard(i).ShouldBe(["registered"]);
    }

    [Fact]
    public void The_count_is_forgotten_with_the_last_connection()
    {
        using var world = new UserWorld().Connected(1);
        world.End(1);
        world.Advance(120);
        world.Users.Count.ShouldBe(0);
        world.Connect(2, limit: 1).Heard(2).ShouldBe(["registered"]);
    }

    [Fact]
    public void A_kick_closes_every_connection_with_4004_and_those_that_wait()
    {
        using var world = new UserWorld().Connected(1, 2);
        world.Connect(3, limit: 2);
        world.Tell(new UserMessage.Kick(new Caller.Member(UserWorld.Id(100), 1)));
        world.Heard(1).ShouldContain("close 4004");
        world.Heard(2).ShouldContain("close 4004");
        world.Heard(3).ShouldBe(["close 4004"]);
    }

    [Fact]
    public void Kicking_one_who_is_not_here_is_not_found()
    {
        using var world = new UserWorld();
        world.Heard(100);
        world.Tell(new UserMessage.Kick(new Caller.Member(UserWorld.Id(100), 1)));
        world.Answers().ShouldBe(["#1 NOT_FOUND"]);
    }

    [Fact]
    public void While_the_store_is_down_a_connection_is_sent_away_with_1011_and_taken_later()
    {
        using var world = new UserWorld();
        world.Store.IsDown = true;
        world.Connect(1).Heard(1).ShouldBe(["refused 1011"]);
        world.Store.IsDown = false;
        world.Connect(2).Heard(2).ShouldBe(["registered"]);
    }
}

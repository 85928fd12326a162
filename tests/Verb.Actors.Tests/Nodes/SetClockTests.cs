using Verb.Actors.Connections;
using Verb.Actors.Policies;
using Verb.Actors.Rooms;
using Verb.Actors.Sharding;
using Verb.Actors.Tests.Connections;
using Verb.TestKit.Nodes;
using Verb.TestKit.Time;

namespace Verb.Actors.Tests.Nodes;

/// <summary>The machine's clock is set back or forward by an hour while the hub runs: what waits, counts and paces does not notice.</summary>
public sealed class SetClockTests : IDisposable
{
    private readonly TestNode _node = new();

    public static TheoryData<int> Hours => new() { -1, 1 };

    public void Dispose() => _node.Dispose();

    [Theory]
    [MemberData(nameof(Hours))]
    public void Refusals_far_apart_are_no_flood(int hours)
    {
        var alice = _node.Connect("alice");
        Refuse(alice, 60);
        Set(hours);
        _node.Advance(TimeSpan.FromSeconds(11));
        Refuse(alice, 60);
        alice.Closed.ShouldBeNull();
        Refuse(alice, 40);
        alice.Closed!.Value.Code.ShouldBe((ushort)1008);
    }

    [Theory]
    [MemberData(nameof(Hours))]
    public void A_flood_of_refusals_stays_one(int hours)
    {
        var alice = _node.Connect("alice");
        Refuse(alice, 60);
        Set(hours);
        Refuse(alice, 39);
        alice.Closed.ShouldBeNull();
        Refuse(alice, 1);
        alice.Closed!.Value.Code.ShouldBe((ushort)1008);
    }

    [Theory]
    [MemberData(nameof(Hours))]
    public void Typing_is_told_once_a_second(int hours)
    {
        var alice = _node.Connect("alice");
        var bob = _node.Connect("bob");
        bob.Join("lobby");
        alice.Join("lobby");
        bob.SkipAll();
        alice.Do("typing", new { roomId = "lobby" });
        Set(hours);
        alice.Do("typing", new { roomId = "lobby" });
        bob.Of("user_typing").Count.ShouldBe(1);
        _node.Advance(TimeSpan.FromSeconds(1));
        alice.Do("typing", new { roomId = "lobby" });
        bob.Of("user_typing").Count.ShouldBe(2);
    }

    [Theory]
    [MemberData(nameof(Hours))]
    public void Fifty_changes_a_second_are_told_singly_and_the_end_of_a_rush_brings_single_events_back(int hours)
    {
        var alice = _node.Connect("alice");
        alice.Join("lobby");
        _node.Advance(TimeSpan.FromSeconds(2));
        for (var i = 0; i < 60; i++)
        {
            if (i == 30)
                Set(hours);
            _node.Connect($"user-{i}").Join("lobby");
        }

        alice.Of("user_joined").Count.ShouldBe(50);
        _node.Advance(TimeSpan.FromSeconds(1));
        alice.Of("room_presence").Count.ShouldBe(1);
        _node.Connect("late").Join("lobby");
        alice.Of("user_joined").Count.ShouldBe(51);
    }

    [Theory]
    [MemberData(nameof(Hours))]
    public void A_command_has_its_thirty_seconds(int hours)
    {
        var history = new StuckHistory();
        using var node = new TestNode(new TestNodeOptions { History = history });
        var alice = node.Connect("alice");
        alice.Join("lobby");
        history.Hold();
        var first = alice.Ask("chat", new { roomId = "lobby", message = 1 });
        node.Advance(TimeSpan.FromSeconds(20));
        var second = alice.Ask("chat", new { roomId = "lobby", message = 2 });
        node.System.Clock.SetWall(TimeSpan.FromHours(hours));
        node.Advance(TimeSpan.FromSeconds(9));
        alice.Frames.ShouldNotContain(frame => frame.IsReplyTo(first));
        node.Advance(TimeSpan.FromSeconds(2));
        alice.ReplyTo(first).Code().ShouldBe("TIMEOUT");
        alice.Frames.ShouldNotContain(frame => frame.IsReplyTo(second));
        node.Advance(TimeSpan.FromSeconds(20));
        alice.ReplyTo(second).Code().ShouldBe("TIMEOUT");
    }

    [Theory]
    [InlineData(-1, 10)]
    [InlineData(1, 10)]
    [InlineData(-1, 3 * 24 * 60)]
    [InlineData(1, 3 * 24 * 60)]
    public void A_token_ends_when_its_time_has_passed(int hours, int minutes)
    {
        var socket = new SocketOptions { IdleTimeout = TimeSpan.Zero };
        var alice = _node.Connect(new ClientOptions { User = "alice", ExpiresIn = TimeSpan.FromMinutes(minutes), Socket = socket });
        _node.Advance(TimeSpan.FromMinutes(1));
        Set(hours);
        _node.Advance(TimeSpan.FromMinutes(minutes - 2) - TimeSpan.FromSeconds(1));
        alice.Of("auth_expiring").ShouldBeEmpty();
        _node.Advance(TimeSpan.FromSeconds(1));
        alice.Of("auth_expiring").Count.ShouldBe(1);
        _node.Advance(TimeSpan.FromSeconds(59));
        alice.Closed.ShouldBeNull();
        _node.Advance(TimeSpan.FromSeconds(1));
        alice.Closed!.Value.Code.ShouldBe((ushort)4002);
    }

    [Theory]
    [MemberData(nameof(Hours))]
    public void Who_answers_pings_stays_and_who_does_not_is_cut_in_time(int hours)
    {
        var alice = _node.Connect("alice");
        var silent = _node.Connect(new ClientOptions { User = "bob", AnswersPings = false });
        Set(hours);
        _node.Advance(TimeSpan.FromSeconds(39));
        silent.IsCut.ShouldBeFalse();
        _node.Advance(TimeSpan.FromSeconds(1));
        silent.IsCut.ShouldBeTrue();
        _node.Advance(TimeSpan.FromSeconds(60));
        alice.IsCut.ShouldBeFalse();
        alice.Closed.ShouldBeNull();
    }

    [Theory]
    [MemberData(nameof(Hours))]
    public void Commands_are_paced_as_before(int hours)
    {
        var alice = _node.Connect("alice");
        for (var i = 0; i < 100; i++)
            alice.Do("ping");
        Set(hours);
        alice.Refusal("ping").ShouldBe("RATE_LIMITED");
        _node.Advance(TimeSpan.FromMilliseconds(20));
        alice.Do("ping");
    }

    [Theory]
    [InlineData(-1, true)]
    [InlineData(1, true)]
    [InlineData(-1, false)]
    [InlineData(1, false)]
    public void A_message_id_is_known_for_ten_minutes_whether_or_not_the_room_sleeps(int hours, bool sleeps)
    {
        var alice = _node.Connect("alice");
        alice.Join("lobby");
        Send(alice).ShouldBe(1);
        Set(hours);
        Sleep(alice, sleeps, TimeSpan.FromSeconds(595));
        Send(alice).ShouldBe(1);
        Sleep(alice, sleeps, TimeSpan.FromSeconds(5));
        Send(alice).ShouldBe(2);
    }

    [Theory]
    [MemberData(nameof(Hours))]
    public void A_room_that_is_not_durable_sleeps_when_it_may_forget(int hours)
    {
        using var node = new TestNode(new TestNodeOptions { Rooms = new PolicyTable<RoomPolicy>([], new RoomPolicy { Durable = false }) });
        var alice = node.Connect("alice");
        alice.Join("lobby");
        Send(alice).ShouldBe(1);
        alice.Do("leave_room", new { roomId = "lobby" });
        node.System.Clock.SetWall(TimeSpan.FromHours(hours));
        node.Advance(TimeSpan.FromMinutes(9));
        alice.Do("join_room", new { roomId = "lobby" }).Number("seq").ShouldBe(1);
        alice.Do("leave_room", new { roomId = "lobby" });
        node.Advance(TimeSpan.FromMinutes(5));
        alice.Do("join_room", new { roomId = "lobby" }).Number("seq").ShouldBe(0);
    }

    [Theory]
    [InlineData(-1, 20)]
    [InlineData(1, 20)]
    [InlineData(-1, 595)]
    [InlineData(1, 595)]
    public void A_private_message_sent_again_is_known_whether_or_not_its_target_sleeps(int hours, int seconds)
    {
        var alice = _node.Connect("alice");
        _node.Connect("bob").Close();
        Whisper(alice);
        Set(hours);
        _node.Advance(TimeSpan.FromSeconds(seconds));
        Whisper(alice);
        _node.Connect("bob").Of("private_message").Count.ShouldBe(1);
        _node.Advance(TimeSpan.FromSeconds(600 - seconds));
        Whisper(alice);
        _node.Connect("bob").Of("private_message").Count.ShouldBe(2);
    }

    [Theory]
    [MemberData(nameof(Hours))]
    public void What_is_told_bears_the_wall_time(int hours)
    {
        var alice = _node.Connect("alice");
        alice.Join("lobby");
        Set(hours);
        alice.Do("chat", new { roomId = "lobby", message = "hi" }).Number("timestamp").ShouldBe(_node.Now);
        alice.Do("ping").Number("serverTime").ShouldBe(_node.Now);
    }

    [Theory]
    [MemberData(nameof(Hours))]
    public void A_lease_lasts_as_long_as_it_was_given(int hours)
    {
        var clock = new ManualClock();
        var membership = new Membership(clock);
        membership.Renewed(clock.GetTimestamp(), TimeSpan.FromSeconds(3));
        clock.SetWall(TimeSpan.FromHours(hours));
        clock.Advance(TimeSpan.FromSeconds(2.9));
        membership.HasLease.ShouldBeTrue();
        clock.Advance(TimeSpan.FromSeconds(0.1));
        membership.HasLease.ShouldBeFalse();
    }

    private void Set(int hours) => _node.System.Clock.SetWall(TimeSpan.FromHours(hours));

    private static void Refuse(TestClient client, int times)
    {
        for (var i = 0; i < times; i++)
            client.Send("no json");
    }

    private static long Send(TestClient client) =>
        client.Do("chat", new { roomId = "lobby", message = "hi", messageId = "m" }).Number("seq");

    private static void Whisper(TestClient client) => client.Do("private_message", new { targetUserId = "bob", message = "hi", messageId = "m" });

    /// <summary>For so long nobody is in the room, or somebody is.</summary>
    private void Sleep(TestClient client, bool sleeps, TimeSpan time)
    {
        if (sleeps)
            client.Do("leave_room", new { roomId = "lobby" });
        _node.Advance(time);
        if (sleeps)
            client.Join("lobby");
    }
}

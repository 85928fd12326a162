using System.Text.Json;
using Verb.TestKit.Checking;

namespace Verb.Simulation.Checking;

public sealed class HistoryCheckerTests
{
    private readonly RunRecord _run = new();
    private readonly ClientRecord _alice;
    private readonly ClientRecord _bob;
    private long _now;

    public HistoryCheckerTests()
    {
        (_alice, _bob) = (_run.Client("alice"), _run.Client("bob"));
        foreach (var client in new[] { _alice, _bob })
        {
            client.Connected();
            client.Joins("join", "r", null);
            Hear(client, """{"type":"reply","id":"join","success":true,"data":{"roomId":"r","userCount":1,"epoch":"e","seq":0}}""");
            Hear(client, """{"type":"joined_room","roomId":"r","userCount":1,"epoch":"e","seq":0}""");
            Hear(client, """{"type":"message_history","roomId":"r","epoch":"e","messages":[]}""");
        }
    }

    [Fact]
    public void A_run_in_which_all_went_well_has_no_violation()
    {
        Publish("m1", 1);
        Publish("m2", 2);

        Judge(Truth("m1", "m2")).ShouldBeEmpty();
    }

    [Fact]
    public void An_acknowledged_message_that_is_not_in_the_history_is_lost()
    {
        Publish("m1", 1);
        Publish("m2", 2);

        Judge(Truth("m1")).ShouldContain(v => v.Kind == ViolationKind.Lost && v.Text.Contains("m2"));
    }

    [Fact]
    public void A_member_that_has_not_seen_the_last_message_has_lost_it()
    {
        Send("m1");
        Acknowledge("m1", 1);
        Chat(_alice, "m1", 1);

        Judge(Truth("m1")).ShouldHaveSingleItem().Text.ShouldStartWith("bob in 'r' has seen up to e/0 of e/1");
    }

    [Fact]
    public void A_message_that_is_not_acknowledged_may_be_lost()
    {
        Send("m1");
        Hear(_alice, """{"type":"reply","id":"m1","success":false,"error":{"code":"TIMEOUT","message":"No."}}""");

        Judge(Truth()).ShouldBeEmpty();
    }

    [Fact]
    public void A_message_told_twice_to_a_member_is_a_duplicate()
    {
        Publish("m1", 1);
        Chat(_bob, "m1", 1);

        Kinds().ShouldBe([ViolationKind.Duplicate]);
    }

    [Fact]
    public void A_message_stored_under_two_numbers_is_a_duplicate()
    {
        Publish("m1", 1);

        Judge(Truth("m1", "m1")).ShouldContain(v => v.Kind == ViolationKind.Duplicate);
    }

    [Fact]
    public void A_message_acknowledged_under_two_numbers_is_a_duplicate()
    {
        Publish("m1", 1);
        _alice.Publishes("again", "r", "m1", ++_now);
        Hear(_alice, """{"type":"reply","id":"again","success":true,"data":{"roomId":"r","seq":2,"epoch":"e","messageId":"m1","timestamp":1}}""");

        Kinds().ShouldContain(ViolationKind.Duplicate);
    }

    [Fact]
    public void A_skipped_number_is_a_gap()
    {
        Send("m1");
        Send("m2");
        Chat(_bob, "m2", 2);

        Kinds().ShouldBe([ViolationKind.Gap]);
    }

    [Fact]
    public void Two_messages_under_one_number_are_a_conflict()
    {
        Send("m1");
        Send("m2");
        Chat(_alice, "m1", 1);
        Chat(_bob, "m2", 1);

        Kinds().ShouldBe([ViolationKind.Conflict]);
    }

    [Fact]
    public void A_message_that_nobody_sent_is_a_stray()
    {
        Chat(_bob, "m1", 1);

        Kinds().ShouldBe([ViolationKind.Stray]);
    }

    [Fact]
    public void A_message_to_one_who_is_not_in_the_room_is_a_stray()
    {
        Hear(_bob, """{"type":"left_room","roomId":"r"}""");
        Send("m1");
        Chat(_bob, "m1", 1);

        Kinds().ShouldBe([ViolationKind.Stray]);
    }

    [Fact]
    public void A_message_that_stands_before_one_acknowledged_before_it_was_sent_is_a_reordering()
    {
        Send("m1");
        Acknowledge("m1", 2);
        Send("m2");
        Acknowledge("m2", 1);
        foreach (var client in new[] { _alice, _bob })
        {
            Chat(client, "m2", 1);
            Chat(client, "m1", 2);
        }

        Judge(Truth("m2", "m1")).ShouldHaveSingleItem().Kind.ShouldBe(ViolationKind.Reorder);
    }

    [Fact]
    public void Messages_under_way_together_may_take_any_order()
    {
        Send("m1");
        Send("m2");
        Acknowledge("m1", 2);
        Acknowledge("m2", 1);
        foreach (var client in new[] { _alice, _bob })
        {
            Chat(client, "m2", 1);
            Chat(client, "m1", 2);
        }

        Judge(Truth("m2", "m1")).ShouldBeEmpty();
    }

    [Fact]
    public void A_join_that_names_what_was_seen_goes_on_behind_it()
    {
        Publish("m1", 1);
        Rejoin(_bob, 1, recovered: true);
        Send("m2");
        Acknowledge("m2", 2);
        Chat(_alice, "m2", 2);
        Chat(_bob, "m2", 2);

        Judge(Truth("m1", "m2")).ShouldBeEmpty();
    }

    [Fact]
    public void A_join_that_is_told_everything_is_there_and_misses_a_message_has_a_gap()
    {
        Publish("m1", 1);
        Send("m2");
        Send("m3");
        Rejoin(_bob, 3, recovered: true);
        Hear(_bob, """{"type":"message_history","roomId":"r","epoch":"e","recovered":true,"messages":[{"seq":3,"messageId":"m3","user":{"id":"alice"}}]}""");

        Kinds().ShouldBe([ViolationKind.Gap]);
    }

    [Fact]
    public void A_durable_room_that_says_it_cannot_recover_has_lost_its_history()
    {
        Publish("m1", 1);
        Rejoin(_bob, 1, recovered: false);

        Kinds().ShouldBe([ViolationKind.HistoryLost]);
    }

    [Fact]
    public void A_durable_room_may_be_forgotten_before_anything_is_published_in_it()
    {
        Rejoin(_bob, 0, recovered: false);

        Kinds().ShouldBeEmpty();
    }

    [Fact]
    public void A_second_admission_that_nobody_asked_for_does_not_excuse_a_repetition()
    {
        Publish("m1", 1);
        Hear(_bob, """{"type":"joined_room","roomId":"r","userCount":1,"epoch":"e","seq":1,"recovered":true}""");
        Hear(_bob, """{"type":"message_history","roomId":"r","epoch":"e","recovered":true,"messages":[{"seq":1,"messageId":"m1","user":{"id":"alice"}}]}""");

        Kinds().ShouldBe([ViolationKind.Duplicate]);
    }

    [Fact]
    public void A_room_that_is_not_durable_may_begin_anew()
    {
        var run = new RunRecord { MayForget = _ => true };
        var alice = run.Client("alice");
        alice.Connected();
        alice.Joins("join", "r", null);
        Hear(alice, """{"type":"joined_room","roomId":"r","userCount":1,"epoch":"e","seq":7}""");
        Hear(alice, """{"type":"message_history","roomId":"r","epoch":"e","messages":[]}""");
        Hear(alice, """{"type":"message_history","roomId":"r","epoch":"f","recovered":false,"messages":[]}""");

        run.Violations.ShouldBeEmpty();
    }

    [Fact]
    public void A_member_that_is_gone_is_a_ghost_and_one_that_is_not_named_is_missing()
    {
        _bob.Disconnected();

        Judge(Truth() with { Members = ["bob"] }).Select(v => v.Kind).ShouldBe([ViolationKind.Ghost, ViolationKind.Missing]);
    }

    [Fact]
    public void A_command_without_an_answer_is_stuck()
    {
        _bob.Sends("x");

        Judge(Truth()).ShouldHaveSingleItem().ShouldBe(new Violation(ViolationKind.Stuck, "bob's command x has no answer"));
    }

    [Fact]
    public void What_was_asked_on_a_connection_that_is_gone_needs_no_answer()
    {
        _bob.Sends("x");
        _bob.Disconnected();

        Judge(Truth() with { Members = ["alice"] }).ShouldBeEmpty();
    }

    [Fact]
    public void A_second_answer_to_one_command_is_one_too_many()
    {
        _bob.Sends("x");
        Hear(_bob, """{"type":"reply","id":"x","success":true,"data":{}}""");
        Hear(_bob, """{"type":"reply","id":"x","success":true,"data":{}}""");

        Kinds().ShouldBe([ViolationKind.Stuck]);
    }

    [Fact]
    public void A_private_message_that_was_acknowledged_and_never_came_is_lost()
    {
        _alice.Whispers("w", "bob", "p1", ++_now);
        Hear(_alice, """{"type":"reply","id":"w","success":true,"data":{"messageId":"p1","status":"queued"}}""");

        Judge(Truth()).ShouldHaveSingleItem().Kind.ShouldBe(ViolationKind.Lost);
    }

    [Fact]
    public void A_private_message_under_two_numbers_is_a_duplicate_and_the_same_one_told_again_is_none()
    {
        _alice.Whispers("w", "bob", "p1", ++_now);
        Whisper(1);
        Whisper(1);
        Kinds().ShouldBeEmpty();
        Whisper(2);

        Kinds().ShouldBe([ViolationKind.Duplicate]);
    }

    [Fact]
    public void A_topic_whose_number_falls_is_a_reordering()
    {
        Hear(_bob, """{"type":"data","topic":"t","seq":2,"data":1,"timestamp":1}""");
        Hear(_bob, """{"type":"data","topic":"t","seq":1,"data":1,"timestamp":1}""");

        Kinds().ShouldBe([ViolationKind.Reorder]);
    }

    private void Whisper(long seq) =>
        Hear(_bob, $$"""{"type":"private_message","messageId":"p1","seq":{{seq}},"from":{"id":"alice"},"message":1,"timestamp":1}""");

    [Fact]
    public void Who_wants_no_echo_knows_its_own_message_by_the_reply()
    {
        WantsNoEcho();
        Send("m1");
        Acknowledge("m1", 1);
        Chat(_bob, "m1", 1);
        _run.Publishing("r", "bob", "m2", ++_now);
        Hear(_alice, BobsChat(2));
        Hear(_bob, BobsChat(2));

        Judge(new RoomTruth("r", "e", [new TrueMessage(1, "alice", "m1"), new TrueMessage(2, "bob", "m2")], null)).ShouldBeEmpty();
    }

    [Fact]
    public void It_may_be_replayed_its_own_message_and_does_not_hear_it_live_on_the_connection_it_sent_it_on()
    {
        WantsNoEcho();
        Send("m1");
        Acknowledge("m1", 1);
        Hear(_alice, """{"type":"message_history","roomId":"r","epoch":"e","messages":[{"seq":1,"messageId":"m1","user":{"id":"alice"},"message":1,"timestamp":1}]}""");
        Kinds().ShouldBeEmpty();
        Send("m2");
        Chat(_alice, "m2", 2);
        Kinds().ShouldBe([ViolationKind.Stray]);
    }

    [Fact]
    public void It_may_hear_live_what_it_sent_on_an_earlier_connection()
    {
        WantsNoEcho();
        Send("m1");
        Rejoin(_alice, 0, recovered: true, echo: false);
        Send("m1");
        Acknowledge("m1", 1);
        Chat(_alice, "m1", 1);

        Kinds().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("alice", 0)]
    [InlineData("bob", 1)]
    public void What_it_never_saw_is_its_own_or_missing(string sender, int gaps)
    {
        WantsNoEcho();
        if (sender == "alice")
            Send("m1");
        else
            _run.Publishing("r", "bob", "m1", ++_now);
        _run.Publishing("r", "bob", "m2", ++_now);
        Hear(_alice, BobsChat(2));

        Judge(new RoomTruth("r", "e", [new TrueMessage(1, sender, "m1"), new TrueMessage(2, "bob", "m2")], null))
            .Count(v => v is { Kind: ViolationKind.Gap, Text: "alice in 'r' never saw e/1" }).ShouldBe(gaps);
    }

    private void WantsNoEcho() => Rejoin(_alice, 0, recovered: true, echo: false);

    private static string BobsChat(long seq) =>
        $$"""{"type":"chat","roomId":"r","seq":{{seq}},"epoch":"e","messageId":"m{{seq}}","user":{"id":"bob"},"message":1,"timestamp":1}""";

    private void Publish(string messageId, long seq)
    {
        Send(messageId);
        Acknowledge(messageId, seq);
        Chat(_alice, messageId, seq);
        Chat(_bob, messageId, seq);
    }

    private void Send(string messageId) => _alice.Publishes(messageId, "r", messageId, ++_now);

    private void Acknowledge(string messageId, long seq) => Hear(
        _alice,
        $$"""{"type":"reply","id":"{{messageId}}","success":true,"data":{"roomId":"r","seq":{{seq}},"epoch":"e","messageId":"{{messageId}}","timestamp":1} }""");

    private void Chat(ClientRecord client, string messageId, long seq) => Hear(
        client,
        $$"""{"type":"chat","roomId":"r","seq":{{seq}},"epoch":"e","messageId":"{{messageId}}","user":{"id":"alice"},"message":1,"timestamp":1}""");

    private void Rejoin(ClientRecord client, long seq, bool recovered, bool echo = true)
    {
        client.Connected();
        client.Joins("again", "r", client.Position("r"), echo);
        Hear(client, """{"type":"reply","id":"again","success":true,"data":{}}""");
        Hear(client, $$"""{"type":"joined_room","recovered":{{(recovered ? "true" : "false")}},"roomId":"r","userCount":1,"epoch":"e","seq":{{seq}} }""");
    }

    private void Hear(ClientRecord client, string frame) => client.Received(JsonDocument.Parse(frame).RootElement, ++_now);

    private IReadOnlyList<ViolationKind> Kinds() => [.. _run.Violations.Select(v => v.Kind)];

    private IReadOnlyList<Violation> Judge(RoomTruth truth) => HistoryChecker.Check(_run, [truth]);

    private static RoomTruth Truth(params string[] messageIds) =>
        new("r", "e", [.. messageIds.Select((id, index) => new TrueMessage(index + 1, "alice", id))], ["alice", "bob"]);
}

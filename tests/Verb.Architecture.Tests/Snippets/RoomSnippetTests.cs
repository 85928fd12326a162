using Verb.TestKit.Nodes;

namespace Verb.Architecture.Tests.Snippets;

public sealed class RoomSnippetTests
{
    // begin room
    [Fact]
    public void A_member_hears_the_other_and_recovers_what_it_missed()
    {
        using var node = new TestNode();
        var alice = node.Connect("alice");
        var bob = node.Connect("bob");
        alice.Join("lobby");
        bob.Join("lobby");
        alice.SkipAll();

        var first = bob.Do("chat", new { roomId = "lobby", message = "hi" });
        alice.Expect("chat").Text("message").ShouldBe("hi");
        alice.Cut();
        bob.Do("chat", new { roomId = "lobby", message = "still there?" });
        var since = new { epoch = first.Text("epoch"), seq = first.Number("seq") };

        var back = node.Connect("alice");
        back.Do("join_room", new { roomId = "lobby", since }).GetProperty("recovered").GetBoolean().ShouldBeTrue();
        back.Of("message_history")[^1].Seqs().ShouldBe([2]);
    }

    // end room
}

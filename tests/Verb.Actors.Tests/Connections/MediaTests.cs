using Verb.TestKit.Nodes;

namespace Verb.Actors.Tests.Connections;

public class MediaTests
{
    [Fact]
    public void Audio_and_video_go_to_the_others_of_the_room_named_last()
    {
        using var node = new TestNode();
        var (alice, bob, carol) = (node.Connect("alice"), node.Connect("bob"), node.Connect("carol"));
        alice.Join("r");
        bob.Join("r");
        alice.Join("s");
        carol.Join("s");
        alice.Do("media", new { roomId = "r" });
        alice.Send([2, 7]);
        alice.Send([3, 8]);
        bob.Binary.ShouldBe([[2, 7], [3, 8]]);
        alice.Do("media", new { roomId = "s" });
        alice.Send([2, 9]);
        carol.Binary.ShouldBe([[2, 9]]);
        bob.Binary.Count.ShouldBe(2);
        alice.Binary.ShouldBeEmpty();
    }

    [Fact]
    public void Without_a_room_media_is_refused()
    {
        using var node = new TestNode();
        var alice = node.Connect("alice");
        alice.SkipAll();
        alice.Send([2, 7]);
        alice.Expect("error").Text("code").ShouldBe("NOT_IN_ROOM");
    }

    [Fact]
    public void After_leaving_media_is_refused()
    {
        using var node = new TestNode();
        var alice = node.Connect("alice");
        alice.Join("r");
        alice.Do("media", new { roomId = "r" });
        alice.Do("leave_room", new { roomId = "r" });
        alice.SkipAll();
        alice.Send([2, 7]);
        alice.Expect("error").Text("code").ShouldBe("NOT_IN_ROOM");
    }

    [Fact]
    public void Joining_and_naming_the_room_may_be_pipelined()
    {
        using var node = new TestNode();
        var (alice, bob) = (node.Connect("alice"), node.Connect("bob"));
        bob.Join("r");
        alice.Ask("join_room", new { roomId = "r" });
        var media = alice.Ask("media", new { roomId = "r" });
        alice.Send([2, 7]);
        alice.ReplyTo(media).GetProperty("success").GetBoolean().ShouldBeTrue();
        bob.Binary.ShouldBe([[2, 7]]);
    }

    [Theory]
    [InlineData(new byte[] { 9, 1 })]
    [InlineData(new byte[] { })]
    public void Another_first_byte_or_none_means_nothing(byte[] frame)
    {
        using var node = new TestNode();
        var alice = node.Connect("alice");
        alice.SkipAll();
        alice.Send(frame);
        alice.Expect("error").Text("code").ShouldBe("INVALID_MESSAGE");
    }
}

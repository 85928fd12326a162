using Verb.Gateway.WebSockets;

namespace Verb.Gateway.Tests.WebSockets;

public class FragmentationTests
{
    [Fact]
    public async Task Fragments_are_joined_and_control_frames_come_in_between()
    {
        var bytes = Conversation.Bytes(
            ClientFrame.Text("one ").Unfinished(), ClientFrame.Ping("p1"), ClientFrame.Continuation("", fin: false), ClientFrame.Pong("p2"),
            ClientFrame.Continuation("two ", fin: false), ClientFrame.Continuation("three", fin: true), ClientFrame.Text("four"));
        foreach (var chunk in Conversation.Chunkings)
        {
            var talk = await Conversation.RunAsync(bytes, chunk);
            talk.Received.Select(r => (r.Kind, r.Text)).ShouldBe(
            [
                (ReceiveKind.Ping, "p1"), (ReceiveKind.Pong, "p2"), (ReceiveKind.Text, "one two three"), (ReceiveKind.Text, "four"),
            ]);
        }
    }

    [Fact]
    public async Task Empty_fragments_make_an_empty_message()
    {
        var talk = await Conversation.RunAsync(
            ClientFrame.Binary().Unfinished(), ClientFrame.Continuation("", fin: false), ClientFrame.Continuation("", fin: true));
        talk.Single.Kind.ShouldBe(ReceiveKind.Binary);
        talk.Single.Payload.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public Task A_continuation_of_nothing_is_refused(bool fin) =>
        Conversation.ShouldFailAsync(1002, "Continuation of nothing", ClientFrame.Continuation("x", fin).ToBytes());

    [Fact]
    public Task A_continuation_behind_a_finished_message_is_refused() =>
        Conversation.ShouldFailAsync(1002, "Continuation of nothing", Conversation.Bytes(
            ClientFrame.Text("a").Unfinished(), ClientFrame.Continuation("b", fin: true), ClientFrame.Continuation("c", fin: true)));

    [Fact]
    public async Task A_new_message_inside_an_unfinished_one_is_refused()
    {
        await Conversation.ShouldFailAsync(1002, "Previous message not finished", Conversation.Bytes(ClientFrame.Text("a").Unfinished(), ClientFrame.Text("b")));
        await Conversation.ShouldFailAsync(1002, "Previous message not finished", Conversation.Bytes(ClientFrame.Text("a").Unfinished(), ClientFrame.Binary(1)));
    }

    [Fact]
    public async Task An_unfinished_message_at_the_end_of_the_stream_is_dropped()
    {
        var talk = await Conversation.RunAsync(ClientFrame.Text("whole"), ClientFrame.Text("half").Unfinished());
        talk.Single.Text.ShouldBe("whole");
    }
}

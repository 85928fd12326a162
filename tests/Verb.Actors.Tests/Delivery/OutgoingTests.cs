using Verb.Actors.Delivery;

namespace Verb.Actors.Tests.Delivery;

public class OutgoingTests
{
    [Fact]
    public void Is_encoded_once_per_shared_format_and_every_time_for_any_other()
    {
        var message = new Outgoing(new byte[] { 1, 2 }, FrameKind.Text);
        var shared = Enumerable.Range(0, 8).Select(slot => new Format(slot)).ToArray();
        var own = new Format(-1);
        foreach (var format in (Format[])[.. shared, own, .. shared, own])
            message.Encoded(format).ToArray().ShouldBe([(byte)(format.Slot + 100), 1, 2]);
        shared.ShouldAllBe(format => format.Calls == 1);
        own.Calls.ShouldBe(2);
    }

    [Fact]
    public void Joined_messages_stand_back_to_back_and_their_parts_are_encoded_once()
    {
        var (first, second) = (new Outgoing(new byte[] { 1 }, FrameKind.Text), new Outgoing(new byte[] { 2, 3 }, FrameKind.Binary));
        var joined = Outgoing.Join([Outgoing.Join([first, second]), first]);
        joined.Count.ShouldBe(3);
        joined.Bytes.ShouldBe(4);
        joined.Parts!.ShouldAllBe(part => part.Parts == null);
        var format = new Format(0);
        joined.Encoded(format).ToArray().ShouldBe([100, 1, 100, 2, 3, 100, 1]);
        format.Calls.ShouldBe(2);
    }

    [Fact]
    public void Joining_one_gives_it_back_and_joining_none_is_a_mistake()
    {
        var one = new Outgoing(new byte[] { 1 }, FrameKind.Text);
        Outgoing.Join([one]).ShouldBeSameAs(one);
        Should.Throw<ArgumentException>(() => Outgoing.Join([]));
    }

    private sealed class Format(int slot) : IWireFormat
    {
        public int Slot => slot;

        public int Calls { get; private set; }

        public byte[] Encode(ReadOnlySpan<byte> payload, FrameKind kind)
        {
            Calls++;
            return [(byte)(slot + 100), .. payload];
        }
    }
}

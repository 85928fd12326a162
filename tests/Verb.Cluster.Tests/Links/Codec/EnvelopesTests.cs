using System.Buffers;
using System.Runtime.CompilerServices;
using FsCheck;
using FsCheck.Fluent;
using Google.Protobuf;
using Verb.Actors.Connections;
using Verb.Actors.Nodes;
using Verb.Actors.Rooms;
using Verb.Actors.Sharding;
using Verb.Cluster.Links.Codec;
using Verb.Contracts;

namespace Verb.Cluster.Tests.Links.Codec;

public sealed class EnvelopesTests
{
    private static readonly Config Runs = Config.QuickThrowOnFailure.WithMaxTest(60).WithEndSize(12);

    public static TheoryData<string> NodeMessages => Named(Crossing.NodeMessages);

    public static TheoryData<string> Messages => Named(Crossing.Messages);

    public static TheoryData<string> Internals => Named(Crossing.Internals);

    public static TheoryData<string> Bodies => Named(Crossing.Bodies);

    [Theory]
    [MemberData(nameof(NodeMessages))]
    public void What_a_node_tells_another_arrives_as_it_was(string kind) =>
        Survives(Any.Of(Find(kind)).Select(message => (NodeMessage)message!));

    [Theory]
    [MemberData(nameof(Messages))]
    public void Every_message_that_leaves_its_node_arrives_as_it_was(string kind) => Survives(Any.Around(Find(kind)));

    [Theory]
    [MemberData(nameof(Bodies))]
    public void Every_answer_arrives_as_it_was(string kind) =>
        Survives(Any.Of(Find(kind)).Select(body => (NodeMessage)new NodeMessage.Answered(7, Answer.Of((ReplyBody)body!))));

    [Theory]
    [MemberData(nameof(Internals))]
    public void What_is_told_only_within_a_node_does_not_leave_it(string kind)
    {
        var message = RuntimeHelpers.GetUninitializedObject(Find(kind));
        var envelope = Activator.CreateInstance(Crossing.Wrapper(message.GetType()), Wrapping(message));

        var mistake = Should.Throw<ArgumentException>(() => Envelopes.Encode((NodeMessage)envelope!));
        mistake.Message.ShouldContain(message.GetType().FullName!);
        mistake.Message.ShouldContain("is not for another node");
    }

    [Fact]
    public void An_application_that_asks_leaves_its_node_only_as_a_number()
    {
        var asked = new NodeMessage.ToRoom(new RoomId("lobby"), 1, new RoomMessage.Close(new Caller.Application(new Nobody())));

        Should.Throw<ArgumentException>(() => Envelopes.Encode(asked)).Message.ShouldContain("Caller+Application is not for another node");
    }

    [Fact]
    public void Every_family_has_messages_that_cross()
    {
        Crossing.NodeMessages.Count().ShouldBeGreaterThanOrEqualTo(10);
        Crossing.Messages.Count().ShouldBeGreaterThanOrEqualTo(47);
        Crossing.Bodies.Count().ShouldBeGreaterThanOrEqualTo(18);
    }

    [Fact]
    public void Payloads_are_not_copied_on_the_way_out()
    {
        ReadOnlyMemory<byte> payload = "{\"type\":\"news\"}"u8.ToArray();

        var envelope = Envelopes.Encode(new NodeMessage.Broadcast(payload));

        envelope.Broadcast.Memory.ShouldBe(payload);
    }

    [Theory]
    [InlineData("A210020801")]
    [InlineData("0A0E0A056C6F6262791002A206020801")]
    [InlineData("")]
    public void What_a_newer_version_adds_is_no_message_here_and_no_error(string frame) =>
        Envelopes.Decode(new(Convert.FromHexString(frame))).ShouldBeNull();

    [Fact]
    public void What_a_newer_version_adds_to_a_known_message_is_ignored()
    {
        byte[] known = Envelopes.Encode(new NodeMessage.Answered(7, Answer.Done)).ToByteArray();

        byte[] newer = [.. known, 0xA2, 0x10, 0x02, 0x08, 0x01];

        Envelopes.Decode(new(newer)).ShouldBe(new NodeMessage.Answered(7, Answer.Done));
    }

    [Fact]
    public void A_code_of_a_newer_version_is_still_a_refusal()
    {
        var wire = new Verb.Cluster.Links.Wire.Envelope
        {
            Answered = new() { Ask = 1, Answer = new() { Refused = new() { Code = "TOO_NEW", Message = "No." } } },
        };

        Envelopes.Decode(new(wire.ToByteArray())).ShouldBe(new NodeMessage.Answered(1, Answer.Refused(ErrorCode.Internal, "No.")));
    }

    [Theory]
    [InlineData("0AFF", "length")]
    [InlineData("FFFFFFFFFFFFFFFFFFFFFFFF", "varint")]
    [InlineData("3A020801", "lacks its Answer")]
    [InlineData("0A021001", "An id of a room")]
    [InlineData("42050A03088002", "There is no shard 256")]
    public void What_is_no_message_is_refused_with_what_is_wrong(string frame, string problem) =>
        Should.Throw<MalformedEnvelopeException>(() => Envelopes.Decode(new(Convert.FromHexString(frame)))).Message.ShouldContain(problem);

    [Fact]
    public void Damaged_messages_are_read_or_refused_and_nothing_else()
    {
        var damaged =
            from message in Any.Of<NodeMessage>()
            from at in Gen.Choose(0, 4095)
            from value in Gen.Choose(0, 255)
            select Damage(Envelopes.Encode(message).ToByteArray(), at, (byte)value);

        Prop.ForAll(damaged.ToArbitrary(), frame =>
        {
            try
            {
                Envelopes.Decode(new(frame));
            }
            catch (MalformedEnvelopeException)
            {
            }
        }).Check(Runs.WithMaxTest(3000));
    }

    private static byte[] Damage(byte[] frame, int at, byte value)
    {
        if (frame.Length > 0)
            frame[at % frame.Length] = value;
        return frame;
    }

    private static void Survives(Gen<NodeMessage> messages) => Prop.ForAll(messages.ToArbitrary(), message =>
    {
        var frame = Envelopes.Encode(message).ToByteArray();
        Shape.Of(Envelopes.Decode(new ReadOnlySequence<byte>(frame))).ShouldBe(Shape.Of(message));
    }).Check(Runs);

    private static object?[] Wrapping(object message) => Crossing.Wrapper(message.GetType()).GetConstructors()[0].GetParameters()
        .Select(parameter => parameter.Name == "Message" ? message : Any.Of(parameter.ParameterType).Sample(1, 1).First())
        .ToArray();

    private static TheoryData<string> Named(IEnumerable<Type> types) => [.. types.Select(type => type.FullName!)];

    private static Type Find(string name) => typeof(NodeMessage).Assembly.GetType(name) ?? typeof(ReplyBody).Assembly.GetType(name, true)!;

    private sealed class Nobody : IReplyTo<Answer>
    {
        public void Reply(Answer answer)
        {
        }
    }
}

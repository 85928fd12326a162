using System.Buffers;
using Google.Protobuf;
using Verb.Actors.Sharding;
using Verb.Cluster.Links.Codec;
using Verb.TestKit.Simulation;

namespace Verb.Simulation;

/// <summary>The simulated links hand messages over as they are; what real links make of them is the same, and so is everything that follows.</summary>
public sealed class WireTests
{
    private const int Seeds = 60;

    [Fact]
    public void A_run_in_which_every_message_is_encoded_and_decoded_is_the_same_run()
    {
        var kinds = new HashSet<Type>();
        for (var seed = 1; seed <= Seeds; seed++)
        {
            var plan = SimPlan.Of(seed);

            var encoded = SimSeeds.One(plan, new SimPlants { Alters = message => OverTheWire(message, kinds) });

            encoded.Violations.ShouldBeEmpty($"seed {seed}");
            encoded.Hash.ShouldBe(SimSeeds.One(plan).Hash, $"seed {seed}");
        }

        kinds.Count.ShouldBeGreaterThan(20);
    }

    private static NodeMessage OverTheWire(NodeMessage message, HashSet<Type> kinds)
    {
        kinds.Add(message switch
        {
            NodeMessage.ToRoom to => to.Message.GetType(),
            NodeMessage.ToTopic to => to.Message.GetType(),
            NodeMessage.ToUser to => to.Message.GetType(),
            NodeMessage.ToRelay to => to.Message.GetType(),
            NodeMessage.ToTopicRelay to => to.Message.GetType(),
            NodeMessage.ToConnection to => to.Message.GetType(),
            _ => message.GetType(),
        });
        return Envelopes.Decode(new ReadOnlySequence<byte>(Envelopes.Encode(message).ToByteArray())).ShouldNotBeNull();
    }
}

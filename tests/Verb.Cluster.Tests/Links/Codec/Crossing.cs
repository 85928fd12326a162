using System.Reflection;
using Verb.Actors.Connections;
using Verb.Actors.Rooms;
using Verb.Actors.Sharding;
using Verb.Actors.Topics;
using Verb.Actors.Users;
using Verb.Contracts;

namespace Verb.Cluster.Tests.Links.Codec;

/// <summary>
/// Which messages leave their node: all but those named here, so that a new one without a mapping fails. What is internal to an actor stays
/// without being named.
/// </summary>
internal static class Crossing
{
    private static readonly HashSet<Type> Stay =
    [
        typeof(RoomMessage.NodeGone), typeof(RoomMessage.NodeBack), typeof(RoomMessage.Retire),
        typeof(RelayMessage.WhoIsHere), typeof(RelayMessage.Gone),
        typeof(TopicRelayMessage.Subscribe), typeof(TopicRelayMessage.Unsubscribe),
        typeof(UserMessage.NodeGone),
        typeof(ConnectionMessage.Read), typeof(ConnectionMessage.Received), typeof(ConnectionMessage.Overloaded), typeof(ConnectionMessage.Malformed), typeof(ConnectionMessage.ReceivedBinary),
        typeof(ConnectionMessage.Pinged), typeof(ConnectionMessage.Ponged), typeof(ConnectionMessage.PeerClosed),
        typeof(ConnectionMessage.RoomDelivery), typeof(ConnectionMessage.RoomMissed), typeof(ConnectionMessage.Transient),
        typeof(ConnectionMessage.RoomAdmitted), typeof(ConnectionMessage.RoomRemoved), typeof(ConnectionMessage.RoomCaughtUp),
        typeof(ConnectionMessage.RoomPublished), typeof(ConnectionMessage.RoomTurn),
        typeof(ConnectionMessage.ShardsMoved), typeof(ConnectionMessage.TopicDelivery), typeof(ConnectionMessage.TopicMissed), typeof(ConnectionMessage.TopicSubscribed),
        typeof(Caller.Application),
    ];

    private static readonly Type[] Families =
    [
        typeof(RoomMessage), typeof(RelayMessage), typeof(TopicMessage), typeof(TopicRelayMessage), typeof(UserMessage),
        typeof(ConnectionMessage),
    ];

    /// <summary>The kinds of a closed set that leave their node.</summary>
    public static IEnumerable<Type> Of(Type family) => Kinds(family).Where(kind => kind.IsNestedPublic && !Stay.Contains(kind));

    /// <summary>The kinds of a closed set that do not.</summary>
    public static IEnumerable<Type> Staying(Type family) => Kinds(family).Except(Of(family));

    /// <summary>Every kind of message, of every family, that goes to another node.</summary>
    public static IEnumerable<Type> Messages => Families.SelectMany(Of);

    /// <summary>Every kind that may not.</summary>
    public static IEnumerable<Type> Internals => Families.SelectMany(Staying);

    /// <summary>What a node tells another.</summary>
    public static IEnumerable<Type> NodeMessages => Kinds(typeof(NodeMessage));

    /// <summary>What an answer may hold.</summary>
    public static IEnumerable<Type> Bodies => Kinds(typeof(ReplyBody));

    /// <summary>The node message that carries messages of a kind.</summary>
    public static Type Wrapper(Type message) =>
        NodeMessages.Single(kind => kind.GetProperty("Message")?.PropertyType is { } carried && carried.IsAssignableFrom(message));

    private static IEnumerable<Type> Kinds(Type family) => family
        .GetNestedTypes(BindingFlags.Public | BindingFlags.NonPublic)
        .Where(kind => kind.IsSealed && family.IsAssignableFrom(kind));
}

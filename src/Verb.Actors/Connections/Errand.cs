using Akka.Actor;
using Verb.Actors.Rooms;
using Verb.Actors.Sharding;
using Verb.Actors.Topics;
using Verb.Actors.Users;
using Verb.Contracts;

namespace Verb.Actors.Connections;

/// <summary>What a connection asked of a room, a topic or a user: kept until it is answered, to be asked again of the next owner.</summary>
internal abstract record Errand
{
    private Errand()
    {
    }

    /// <summary>Where whoever is asked is now.</summary>
    public abstract ShardEntry Locate(ConnectionEnvironment environment);

    /// <summary>Asks; a refusal goes to the connection. False where whoever is asked cannot be reached now.</summary>
    public abstract bool Tell(ConnectionEnvironment environment, ShardEntry at, IActorRef connection);

    /// <summary>What to ask where it may have been done already; null where doing it twice would show.</summary>
    public abstract Errand? Again();

    /// <summary>Of a room.</summary>
    public sealed record OfRoom(RoomId Room, RoomMessage.Asked Message) : Errand
    {
        public override ShardEntry Locate(ConnectionEnvironment environment) => environment.Rooms.Locate(Room);

        public override bool Tell(ConnectionEnvironment environment, ShardEntry at, IActorRef connection) => environment.Rooms.Tell(Room, Message, at, connection);

        public override Errand? Again() => Message switch
        {
            RoomMessage.Publish { MessageId: null } or RoomMessage.SendEvent or RoomMessage.Media or RoomMessage.ShareFile => null,
            RoomMessage.Leave leave => this with { Message = leave with { Again = true } },
            _ => this,
        };
    }

    /// <summary>Of a topic.</summary>
    public sealed record OfTopic(TopicName Topic, TopicMessage Message) : Errand
    {
        public override ShardEntry Locate(ConnectionEnvironment environment) => environment.Topics.Locate(Topic);

        public override bool Tell(ConnectionEnvironment environment, ShardEntry at, IActorRef connection) => environment.Topics.Tell(Topic, Message, at, connection);

        public override Errand? Again() => this; // It may stand in front of another publisher's newer value, as one published later does.
    }

    /// <summary>Of a user.</summary>
    public sealed record OfUser(UserId User, UserMessage Message) : Errand
    {
        public override ShardEntry Locate(ConnectionEnvironment environment) => environment.Users.Locate(User);

        public override bool Tell(ConnectionEnvironment environment, ShardEntry at, IActorRef connection) => environment.Users.Tell(User, Message, at, connection);

        public override Errand? Again() => Message is UserMessage.Send { MessageId: null } ? null : this;
    }
}

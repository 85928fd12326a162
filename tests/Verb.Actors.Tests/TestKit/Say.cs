using Akka.Actor;

namespace Verb.Actors.Tests.TestKit;

/// <summary>An actor that is one function, for tests of what actors run on.</summary>
internal sealed class Say(Action<object, IUntypedActorContext> receive) : UntypedActor
{
    public static Props Props(Action<object, IUntypedActorContext> receive) => Akka.Actor.Props.CreateBy(new Producer(receive));

    protected override void OnReceive(object message) => receive(message, Context);

    private sealed class Producer(Action<object, IUntypedActorContext> receive) : IIndirectActorProducer
    {
        public Type ActorType => typeof(Say);

        public ActorBase Produce() => new Say(receive);

        public void Release(ActorBase actor)
        {
        }
    }
}

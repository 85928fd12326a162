using Akka.Actor;

namespace Verb.Actors;

/// <summary>Props of a function. <c>Props.Create</c> of an expression that captures arguments compiles it anew for every actor: half a millisecond each.</summary>
internal static class Producer
{
    /// <summary>Props of an actor that <paramref name="make"/> makes, at the start and at each restart.</summary>
    public static Props Props<T>(Func<T> make)
        where T : ActorBase => Akka.Actor.Props.CreateBy(new By<T>(make));

    private sealed class By<T>(Func<T> make) : IIndirectActorProducer
        where T : ActorBase
    {
        public Type ActorType => typeof(T);

        public ActorBase Produce() => make();

        public void Release(ActorBase actor)
        {
        }
    }
}

using Verb.Actors.Kernel;

namespace Verb.Actors.Tests.Kernel;

internal static class Script
{
    public static Props<T> Props<T>(Action<IActorContext<T>, T> receive) => new(() => new ScriptedActor<T>
    {
        Receive = (context, message) =>
        {
            receive(context, message);
            return default;
        },
    });

    /// <summary>An actor that only waits.</summary>
    public static Props<T> Idle<T>() => new(() => new ScriptedActor<T>());

    public static ValueTask Done(Action action)
    {
        action();
        return default;
    }

    public static SupervisorStrategy Always(Directive directive) => new(_ => directive);
}

using Akka.Actor;

namespace Verb.Actors;

/// <summary>Results of tasks as messages.</summary>
internal static class Piping
{
    /// <summary>
    /// Turns the task's result into a message to the actor itself. The functions run where the task completes, outside the actor's turn, so they
    /// touch none of its state. The context is kept, which costs nothing here and lets a whole node run on one thread.
    /// </summary>
    public static void PipeToSelf<T>(this IActorContext context, ValueTask<T> task, Func<T, object> success, Func<Exception, object> failure) =>
#pragma warning disable RS0030 // The one place where it is used.
        _ = task.AsTask().PipeTo(context.Self, useConfigureAwait: true, ActorRefs.NoSender, success, failure);
#pragma warning restore RS0030
}

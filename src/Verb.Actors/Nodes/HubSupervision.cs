using Akka.Actor;

namespace Verb.Actors.Nodes;

/// <summary>
/// One verdict on every failure, told to the node's observer instead of Akka.NET's log. Restarts are allowed ten times a minute; the next failure stops
/// the actor.
/// </summary>
internal sealed class HubSupervision(Directive verdict, IActorObserver? observer)
    : OneForOneStrategy(10, TimeSpan.FromMinutes(1), _ => verdict)
{
    /// <inheritdoc/>
    protected override void LogFailure(IActorContext context, IActorRef child, Exception cause, Directive directive) =>
        observer?.Failed(child.Path.ToStringWithoutAddress(), CauseOf(cause), directive);

    /// <summary>What Akka.NET wraps where an actor fails at its start, and once more where it could not be made.</summary>
    private static Exception CauseOf(Exception failure) =>
        failure is ActorInitializationException or TypeLoadException && failure.InnerException is { } inner ? CauseOf(inner) : failure;
}

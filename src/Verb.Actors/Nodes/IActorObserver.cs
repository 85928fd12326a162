using Akka.Actor;

namespace Verb.Actors.Nodes;

/// <summary>Hears what would otherwise go unnoticed. Called on any thread, concurrently; must not throw or block.</summary>
public interface IActorObserver
{
    /// <summary>A message reached nobody.</summary>
    void DeadLetter(string path, object message);

    /// <summary>An actor failed, and this is what happens to it.</summary>
    void Failed(string path, Exception exception, Directive directive);
}

using System.Collections.Concurrent;
using Akka.Actor;
using Verb.Actors.Nodes;

namespace Verb.Actors.Tests.Nodes;

internal sealed class RecordingObserver : IActorObserver
{
    public ConcurrentQueue<(string Path, object Message)> DeadLetters { get; } = new();

    public ConcurrentQueue<(string Path, string Error, Directive Directive)> Failures { get; } = new();

    public void DeadLetter(string path, object message) => DeadLetters.Enqueue((path, message));

    public void Failed(string path, Exception exception, Directive directive) => Failures.Enqueue((path, exception.Message, directive));
}

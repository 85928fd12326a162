using System.Collections.Concurrent;
using Verb.Actors.Kernel;

namespace Verb.Actors.Tests.Kernel;

internal sealed class RecordingObserver : IKernelObserver
{
    public ConcurrentQueue<(string Path, object Message)> DeadLetters { get; } = new();

    public ConcurrentQueue<(string Path, string Error, Directive Directive)> Failures { get; } = new();

    public void DeadLetter(string path, object message) => DeadLetters.Enqueue((path, message));

    public void Failed(string path, Exception exception, Directive directive) => Failures.Enqueue((path, exception.Message, directive));
}

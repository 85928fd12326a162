using Microsoft.Extensions.Logging;
using Verb.Actors.Kernel;

namespace Verb.Gateway.Hosting;

/// <summary>Tells the log what the kernel hears; of a message its type alone, never what it holds.</summary>
internal sealed partial class KernelLog(ILogger log) : IKernelObserver
{
    public void DeadLetter(string path, object message) => LogDeadLetter(log, path, message.GetType().Name);

    public void Failed(string path, Exception exception, Directive directive) => LogFailed(log, path, directive, exception);

    [LoggerMessage(1001, LogLevel.Debug, "Dead letter: {Message} to {Path}")]
    private static partial void LogDeadLetter(ILogger log, string path, string message);

    [LoggerMessage(1002, LogLevel.Error, "Actor {Path} failed: {Directive}")]
    private static partial void LogFailed(ILogger log, string path, Directive directive, Exception exception);
}

using Akka.Actor;
using Microsoft.Extensions.Logging;
using Verb.Actors.Nodes;
using Verb.Actors.Rooms;

namespace Verb.Gateway.Hosting;

/// <summary>
/// Tells the log which actors fail and what reached nobody; of a message its type alone, never what it holds. A database that restarts has every room that wrote
/// loaded anew: that is no failure, and one room stands for all of them.
/// </summary>
internal sealed partial class ActorLog(ILogger log, TimeProvider clock) : IActorObserver
{
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(10);

    private long _told = long.MinValue;

    public void DeadLetter(string path, object message) => LogDeadLetter(log, path, message.GetType().Name);

    public void Failed(string path, Exception exception, Directive directive)
    {
        if (exception is not RoomLostException)
            LogFailed(log, path, directive, exception);
        else if (IsTimeToTell())
            LogLost(log, exception.Message);
    }

    private bool IsTimeToTell()
    {
        var (last, now) = (Volatile.Read(ref _told), clock.GetTimestamp());
        return (last == long.MinValue || clock.GetElapsedTime(last, now) >= Silence)
            && Interlocked.CompareExchange(ref _told, now, last) == last;
    }

    [LoggerMessage(1001, LogLevel.Debug, "Dead letter: {Message} to {Path}")]
    private static partial void LogDeadLetter(ILogger log, string path, string message);

    [LoggerMessage(1002, LogLevel.Error, "Actor {Path} failed: {Directive}")]
    private static partial void LogFailed(ILogger log, string path, Directive directive, Exception exception);

    [LoggerMessage(1003, LogLevel.Information, "{Reason} It is not told of others within ten seconds")]
    private static partial void LogLost(ILogger log, string reason);
}

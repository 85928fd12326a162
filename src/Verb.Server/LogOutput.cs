using Microsoft.Extensions.Logging.Console;

namespace Verb.Server;

/// <summary>How the log is written.</summary>
internal static class LogOutput
{
    /// <summary>
    /// Where nobody reads the log, or too slowly, lines are dropped once <c>Logging:Console:MaxQueueLength</c> wait, and how many is told as
    /// soon as there is room: the hub does not wait for the log, whatever the settings say.
    /// </summary>
    public static void LogWithoutWaiting(this WebApplicationBuilder builder) =>
        builder.Services.PostConfigure<ConsoleLoggerOptions>(console => console.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite);
}

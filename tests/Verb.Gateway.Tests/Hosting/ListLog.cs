using Microsoft.Extensions.Logging;

namespace Verb.Gateway.Tests.Hosting;

/// <summary>Keeps what is logged, with its level.</summary>
internal sealed class ListLog : ILogger
{
    public List<string> Lines { get; } = [];

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Lines.Add($"{logLevel} {eventId.Id}: {formatter(state, exception)}");
}

/// <summary>Gives everyone the same log.</summary>
internal sealed class LogProvider(ILogger log) : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) => log;

    public void Dispose()
    {
    }
}

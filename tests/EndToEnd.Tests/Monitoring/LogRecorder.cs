using Microsoft.Extensions.Logging;

namespace EndToEnd.Tests.Monitoring;

/// <summary>Keeps what is logged.</summary>
internal sealed class LogRecorder : ILoggerProvider, ILogger
{
    private const string Category = "Speedup.Core.Pipeline";
    private readonly List<string> _messages = [];

    /// <summary>The messages of the pipeline.</summary>
    public IReadOnlyList<string> Messages => _messages;

    public ILogger CreateLogger(string categoryName) =>
        categoryName.StartsWith(Category, StringComparison.Ordinal) ? this : Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    ) => _messages.Add(formatter(state, exception));

    public void Dispose() { }
}

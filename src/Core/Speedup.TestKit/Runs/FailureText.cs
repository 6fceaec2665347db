using Speedup.Abstractions;
using Speedup.TestKit.Handlers;

namespace Speedup.TestKit.Runs;

/// <summary>Says why a speedup failed in the terms of the handler under test, which the engine knows by the kit's wrapper only.</summary>
internal static class FailureText
{
    private const string Engine = "Speedup.Core";
    private const string Kit = "Speedup.TestKit";

    /// <summary>The message, the handler's own name in it, and where the handler threw.</summary>
    /// <param name="failure">The engine's error.</param>
    /// <param name="handler">The handler under test; null where none was asked.</param>
    public static string Of(SpeedupException failure, IOperatorHandler? handler)
    {
        string message = failure.Message;
        foreach (Type wrapper in new[] { typeof(ObservedModuleHandler), typeof(ObservedFunctionHandler) })
            message = handler is null ? message : message.Replace(wrapper.FullName!, handler.GetType().FullName, StringComparison.Ordinal);
        string[] frames =
        [
            .. (failure.InnerException?.StackTrace ?? "")
                .Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .Where(frame =>
                    !frame.Contains($" {Engine}.", StringComparison.Ordinal) && !frame.Contains($" {Kit}.", StringComparison.Ordinal)
                ),
        ];
        return frames.Length == 0 ? message : $"{message} Thrown {string.Join(", ", frames)}.";
    }
}

using Speedup.Abstractions;

namespace Speedup.TestKit.Checks;

/// <summary>Says why a speedup failed in the terms of the handler under test, which the engine knows by the kit's wrapper only.</summary>
internal static class FailureText
{
    private const string Engine = "Speedup.Core";
    private const string Kit = "Speedup.TestKit";

    /// <summary>The message, the handler's own name in it, and where the handler threw.</summary>
    /// <param name="failure">The engine's error.</param>
    /// <param name="handler">The handler under test; null for none of a module.</param>
    public static string Of(SpeedupException failure, IModuleHandler? handler)
    {
        string message = handler is null
            ? failure.Message
            : failure.Message.Replace(typeof(ObservedHandler).FullName!, handler.GetType().FullName, StringComparison.Ordinal);
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

    /// <summary>Which functions can be at fault, where the small network is not the masked one.</summary>
    /// <param name="failure">The engine's error.</param>
    /// <param name="handler">The handler under test.</param>
    /// <param name="wrongReplacement">What is wrong with the replacement alone; null where nothing was found.</param>
    public static string OfDifference(SpeedupException failure, IModuleHandler handler, string? wrongReplacement) =>
        $"The small network does not run or is not the masked one ({failure.Code}), though every fact that {handler.GetType().FullName} infers holds. "
        + (
            wrongReplacement
            ?? "The new module alone is right, too: Relate ties the wrong indices, or Constrain lets go of what others need."
        );
}

using Speedup.Core.Plugins;

namespace Speedup.Cli.Rendering;

/// <summary>One failure as <c>--json</c> writes it; causes from the outermost to the innermost.</summary>
internal sealed record PluginFailureJson(
    string Name,
    string Folder,
    PluginStage Stage,
    string Code,
    string Message,
    IReadOnlyList<string> Causes
)
{
    /// <summary>The JSON form of a failure.</summary>
    public static PluginFailureJson Of(PluginFailure failure) =>
        new(failure.Name, failure.Folder, failure.Stage, failure.Code, failure.Message, [.. CausesOf(failure.Exception)]);

    /// <summary>The messages of an exception and of those within it.</summary>
    public static IEnumerable<string> CausesOf(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
            yield return $"{exception.GetType().Name}: {exception.Message}";
    }
}

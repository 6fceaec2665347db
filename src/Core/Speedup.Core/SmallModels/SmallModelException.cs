using Speedup.Abstractions;
using Speedup.Persistence.Masks;

namespace Speedup.Core.SmallModels;

/// <summary>A small model could not be saved or loaded: all reasons. No model was changed, and no file replaced.</summary>
public sealed class SmallModelException : SpeedupException
{
    private const int MostShown = 20;

    /// <summary>Creates an error.</summary>
    /// <param name="code">Permanent code, <c>SPD1041</c> and following.</param>
    /// <param name="filePath">The file as the caller named it.</param>
    /// <param name="message">What happened, and what to do.</param>
    /// <param name="differences">What differs, or cannot be saved, one line each; none where the message says all.</param>
    /// <param name="inner">The cause, if any.</param>
    public SmallModelException(
        string code,
        string filePath,
        string message,
        IReadOnlyList<string>? differences = null,
        Exception? inner = null
    )
        : base(code, Quoted.Message(Text(filePath, message, differences ?? [])), inner)
    {
        FilePath = filePath;
        Differences = [.. (differences ?? []).Select(Quoted.Message)];
    }

    /// <summary>The file as the caller named it.</summary>
    public string FilePath { get; }

    /// <summary>What differs, or cannot be saved, one line each.</summary>
    public IReadOnlyList<string> Differences { get; }

    private static string Text(string filePath, string message, IReadOnlyList<string> differences)
    {
        IEnumerable<string> lines = differences.Take(MostShown).Select(line => $"\n  {line}");
        string more = differences.Count > MostShown ? $"\n  and {differences.Count - MostShown} more" : "";
        return $"'{filePath}': {message}{string.Concat(lines)}{more}";
    }
}

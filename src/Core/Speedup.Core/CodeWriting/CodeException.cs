using Speedup.Abstractions;
using Speedup.Persistence.Masks;

namespace Speedup.Core.CodeWriting;

/// <summary>A model's forward pass cannot be written as straight-line code: all reasons. No file was written, and the model is unchanged.</summary>
public sealed class CodeException : SpeedupException
{
    private const int MostShown = 20;

    /// <summary>Creates an error.</summary>
    /// <param name="code">Permanent code, <c>SPD1051</c>.</param>
    /// <param name="filePath">The file that was to be written, as the caller named it.</param>
    /// <param name="reasons">Why it cannot be written, one line each.</param>
    public CodeException(string code, string filePath, IReadOnlyList<string> reasons)
        : base(code, Quoted.Message(Text(filePath, reasons)))
    {
        FilePath = filePath;
        Reasons = [.. reasons.Select(Quoted.Message)];
    }

    /// <summary>The file that was to be written, as the caller named it.</summary>
    public string FilePath { get; }

    /// <summary>Why it cannot be written, one line each.</summary>
    public IReadOnlyList<string> Reasons { get; }

    private static string Text(string filePath, IReadOnlyList<string> reasons)
    {
        string lines = string.Concat(reasons.Take(MostShown).Select(line => $"\n  {line}"));
        string more = reasons.Count > MostShown ? $"\n  and {reasons.Count - MostShown} more" : "";
        return $"'{filePath}': the forward pass cannot be written as straight-line code; no file was written.{lines}{more}";
    }
}

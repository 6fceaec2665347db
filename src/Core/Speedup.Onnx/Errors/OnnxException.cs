using Speedup.Abstractions;
using Speedup.Persistence.Masks;

namespace Speedup.Onnx;

/// <summary>A model cannot be exported: all reasons. No file was written, and the model is unchanged.</summary>
public sealed class OnnxException : SpeedupException
{
    private const int MostShown = 20;

    internal OnnxException(string code, string filePath, string what, IReadOnlyList<string> reasons, Exception? inner = null)
        : base(code, Quoted.Message(Text(filePath, what, reasons)), inner)
    {
        FilePath = filePath;
        Reasons = [.. reasons.Select(Quoted.Message)];
    }

    /// <summary>The file that was to be written, as the caller named it.</summary>
    public string FilePath { get; }

    /// <summary>The reasons, one line each; of SPD9301 the modules and functions without an operator.</summary>
    public IReadOnlyList<string> Reasons { get; }

    private static string Text(string filePath, string what, IReadOnlyList<string> reasons)
    {
        string lines = string.Concat(reasons.Take(MostShown).Select(line => $"\n  {line}"));
        string more = reasons.Count > MostShown ? $"\n  and {reasons.Count - MostShown} more" : "";
        return $"'{filePath}': {what}; no file was written.{lines}{more}";
    }
}

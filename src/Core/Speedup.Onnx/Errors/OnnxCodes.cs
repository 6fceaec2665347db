namespace Speedup.Onnx;

/// <summary>Codes of errors; docs/errors/onnx.md explains them.</summary>
internal static class OnnxCodes
{
    /// <summary>Modules or functions have no operator.</summary>
    public const string MissingOperators = "SPD9301";

    /// <summary>The model cannot be a graph.</summary>
    public const string CannotExport = "SPD9302";

    /// <summary>The file does not give what the model gives.</summary>
    public const string Mismatch = "SPD9303";

    /// <summary>An operator of a plugin failed.</summary>
    public const string OperatorFailed = "SPD9304";

    /// <summary>Two operators of the host are for one module type or function.</summary>
    public const string ClaimedTwice = "SPD9305";
}

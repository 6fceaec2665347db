using Speedup.Onnx;

namespace Speedup.Cli.Rendering;

/// <summary>What was exported, for programs.</summary>
internal sealed record OnnxExportJson(
    string File,
    string? Data,
    long Size,
    int Opset,
    IReadOnlyList<OnnxPortJson> Inputs,
    IReadOnlyList<OnnxPortJson> Outputs,
    IReadOnlyDictionary<string, int> Nodes,
    IReadOnlyList<string> Verified,
    double MaxRelativeError,
    IReadOnlyList<string> Remarks
)
{
    /// <summary>The same in plain values.</summary>
    public static OnnxExportJson Of(OnnxExportReport report) =>
        new(
            report.FilePath,
            report.DataPath,
            report.Size,
            OnnxExport.Opset,
            [.. report.Inputs.Select(OnnxPortJson.Of)],
            [.. report.Outputs.Select(OnnxPortJson.Of)],
            report.Nodes,
            report.Verified,
            report.MaxRelativeError,
            report.Remarks
        );
}

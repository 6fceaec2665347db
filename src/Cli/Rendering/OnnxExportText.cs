using System.Globalization;
using System.Text;
using Speedup.Onnx;

namespace Speedup.Cli.Rendering;

/// <summary>What was exported, for people.</summary>
internal static class OnnxExportText
{
    /// <summary>A few lines.</summary>
    public static string Of(OnnxExportReport report)
    {
        var text = new StringBuilder();
        Line(text, $"{report.Nodes.Values.Sum()} nodes, opset {OnnxExport.Opset}, {report.Size / 1e6:0.0} MB");
        foreach (OnnxPort port in report.Inputs)
            Line(text, $"Input  {Describe(port)}");
        foreach (OnnxPort port in report.Outputs)
            Line(text, $"Output {Describe(port)}");
        if (report.Verified.Count > 0)
            Line(
                text,
                $"Verified in ONNX Runtime on {string.Join(", ", report.Verified)}: relative error {report.MaxRelativeError:0.0e+00}"
            );
        foreach (string remark in report.Remarks)
            Line(text, $"Note: {remark}");
        Line(text, $"Saved: {report.FilePath}");
        return text.ToString().TrimEnd();
    }

    private static void Line(StringBuilder text, FormattableString line) => text.AppendLine(line.ToString(CultureInfo.InvariantCulture));

    private static string Describe(OnnxPort port) => $"{port.Name}: {port.DType} [{string.Join(", ", port.Shape)}]";
}

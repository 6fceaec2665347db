using Microsoft.Extensions.DependencyInjection;
using Speedup.Onnx.Graphs;
using static TorchSharp.torch;

namespace Speedup.Onnx;

/// <summary>
/// The one-line way, for a program that has no container of its own: <c>OnnxExport.Save(model, input, "model.onnx")</c>. Plugins are loaded once in a
/// process, at the first call.
/// </summary>
public static class OnnxExport
{
    /// <summary>The version of the operator set that files are written in.</summary>
    public const int Opset = OnnxVersion.Opset;

    /// <summary>The version of the file format.</summary>
    public const int IrVersion = OnnxVersion.Ir;

    private static readonly Lazy<IOnnxExporter> Shared = new(() =>
        new ServiceCollection().AddSpeedupOnnx().BuildServiceProvider().GetRequiredService<IOnnxExporter>()
    );

    /// <summary>Writes a model as an ONNX file; see <see cref="IOnnxExporter.Save"/>.</summary>
    /// <param name="model">Any model that can be traced, small or not; not changed.</param>
    /// <param name="example">Example inputs, as many as <c>forward</c> takes; not changed.</param>
    /// <param name="path">The file; replaced if it exists.</param>
    /// <param name="options">Options; may be left out.</param>
    /// <returns>What was exported.</returns>
    /// <exception cref="OnnxException">The model cannot be exported: all reasons. No file was written.</exception>
    public static OnnxExportReport Save(nn.Module model, IReadOnlyList<Tensor> example, string path, OnnxExportOptions? options = null) =>
        Shared.Value.Save(model, example, path, options);

    /// <summary>The same for a model of one input.</summary>
    public static OnnxExportReport Save(nn.Module model, Tensor example, string path, OnnxExportOptions? options = null) =>
        Save(model, [example], path, options);
}

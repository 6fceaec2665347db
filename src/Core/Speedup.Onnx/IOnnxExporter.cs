using Speedup.Abstractions;
using Speedup.Persistence;
using static TorchSharp.torch;

namespace Speedup.Onnx;

/// <summary>Exports models to ONNX, with the operators of a host and its plugins.</summary>
public interface IOnnxExporter
{
    /// <summary>The operators that it knows.</summary>
    OnnxOperators Operators { get; }

    /// <summary>
    /// Writes a model as an ONNX file: the calls of a traced forward pass in evaluation mode, as nodes. The calls are run one after the other and compared
    /// with the model first, bit for bit, at several sizes of the input.
    /// </summary>
    /// <param name="model">Any model that can be traced, small or not; not changed.</param>
    /// <param name="example">Example inputs, as many as <c>forward</c> takes; not changed.</param>
    /// <param name="path">The file; replaced if it exists.</param>
    /// <param name="options">Options; may be left out.</param>
    /// <param name="cancellation">Cancels between two steps; no file is written then.</param>
    /// <returns>What was exported.</returns>
    /// <exception cref="OnnxException">
    /// Modules or functions have no operator (SPD9301), the model cannot be a graph (SPD9302), or the file gives something else (SPD9303): all reasons at
    /// once. No file was written.
    /// </exception>
    /// <exception cref="SpeedupException">The model fails on the example, or does not take it; or an operator of a plugin failed (SPD9304).</exception>
    /// <exception cref="PersistenceException">The file cannot be written.</exception>
    OnnxExportReport Save(
        nn.Module model,
        IReadOnlyList<Tensor> example,
        string path,
        OnnxExportOptions? options = null,
        CancellationToken cancellation = default
    );
}

using static TorchSharp.torch;

namespace Speedup.Onnx;

/// <summary>Runs ONNX files, so that an export can be compared with the model. The package Speedup.Onnx.Verification has one for ONNX Runtime.</summary>
public interface IOnnxRunner
{
    /// <summary>Runs a file on several inputs.</summary>
    /// <param name="path">The file.</param>
    /// <param name="inputs">The inputs: for each run the tensors in the order of the graph's inputs.</param>
    /// <returns>The outputs of each run, which belong to the caller.</returns>
    IReadOnlyList<IReadOnlyList<Tensor>> Run(string path, IReadOnlyList<IReadOnlyList<Tensor>> inputs);
}

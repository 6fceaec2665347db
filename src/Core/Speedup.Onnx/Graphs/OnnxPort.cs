using static TorchSharp.torch;

namespace Speedup.Onnx;

/// <summary>An input or output of an exported graph.</summary>
/// <param name="Name">Its name.</param>
/// <param name="DType">Its element type.</param>
/// <param name="Shape">Its axes: a number where the length is fixed, a name where it may vary.</param>
public sealed record OnnxPort(string Name, ScalarType DType, IReadOnlyList<string> Shape);

using static TorchSharp.torch;

namespace Speedup.Pruning.Abstractions;

/// <summary>A batch of data.</summary>
/// <param name="Inputs">Inputs of <c>forward</c>, in order. They stay the caller's.</param>
/// <param name="Target">What the loss compares with, such as the labels; null where none is needed. It stays the caller's.</param>
public sealed record CalibrationBatch(IReadOnlyList<Tensor> Inputs, Tensor? Target = null);

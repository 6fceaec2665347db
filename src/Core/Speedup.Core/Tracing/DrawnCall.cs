using static TorchSharp.torch;

namespace Speedup.Core.Tracing;

/// <summary>A traced call that drew random numbers.</summary>
/// <param name="Node">Its node.</param>
/// <param name="Overwrites">Whether its first input no longer holds what the call read there.</param>
/// <param name="Inputs">The tensors that it read.</param>
/// <param name="Outputs">The tensors that it made, or filled.</param>
internal sealed record DrawnCall(int Node, bool Overwrites, IReadOnlyList<Tensor> Inputs, IReadOnlyList<Tensor> Outputs);

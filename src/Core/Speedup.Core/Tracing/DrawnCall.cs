using static TorchSharp.torch;

namespace Speedup.Core.Tracing;

/// <summary>A traced call that drew random numbers.</summary>
/// <param name="Node">Its node.</param>
/// <param name="Overwrites">Whether its first input no longer holds what the call read there.</param>
/// <param name="Inputs">The tensors that it read.</param>
/// <param name="Outputs">The tensors that it made, or filled; none where what it drew cannot be told from what it read.</param>
/// <param name="Generator">The state of the process's generator after it; null where that is not known.</param>
internal sealed record DrawnCall(int Node, bool Overwrites, IReadOnlyList<Tensor> Inputs, IReadOnlyList<Tensor> Outputs, byte[]? Generator);

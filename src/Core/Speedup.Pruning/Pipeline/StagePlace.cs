using static TorchSharp.torch;

namespace Speedup.Pruning.Pipeline;

/// <summary>What stays the same in a stage.</summary>
internal sealed record StagePlace(string Folder, long Seed, IReadOnlyList<Tensor> Inputs, CancellationToken Cancellation);

using static TorchSharp.torch;

namespace Speedup.Core.Verification;

/// <summary>An input on which both models are compared.</summary>
/// <param name="Name">"example", "fresh random", "second size", "other (0)".</param>
/// <param name="Tensors">The input tensors.</param>
/// <param name="Expected">What the masked model returns.</param>
internal sealed record ProbeInput(string Name, IReadOnlyList<Tensor> Tensors, IReadOnlyList<Tensor> Expected);

using static TorchSharp.torch;

namespace Speedup.Modules.Pruned;

/// <summary>What is added to the scores of an attention, and which of its keys are padding.</summary>
/// <param name="Scores"><c>[L, S]</c>, or null.</param>
/// <param name="Padding">True where a key is padding, <c>[N, S]</c>; or null.</param>
internal readonly record struct TransformerMasks(Tensor? Scores, Tensor? Padding);

namespace Speedup.Pruning.Abstractions;

/// <summary>What a model costs.</summary>
/// <param name="Parameters">Entries of its parameters.</param>
/// <param name="Macs">Multiply-accumulates of one pass on the example input.</param>
public readonly record struct ModelCost(long Parameters, long Macs);

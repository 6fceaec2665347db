namespace Speedup.Abstractions;

/// <summary>Stands for a traced tensor among the recorded arguments of a function.</summary>
/// <param name="Position">Position among the operator's inputs.</param>
public sealed record InputRef(int Position);

namespace Speedup.Abstractions;

/// <summary>What a handler does, in a few words each, for the table of operators in the documentation.</summary>
/// <param name="Input">What <see cref="IOperatorHandler.InferFromInput"/> makes of constants.</param>
/// <param name="Output">What <see cref="IOperatorHandler.InferFromOutput"/> makes of unused indices.</param>
/// <param name="Kept">What stays although it could go, and where the operator is a barrier.</param>
public sealed record OperatorDescription(string Input, string Output, string Kept)
{
    /// <summary>Stands for nothing.</summary>
    public const string None = "-";

    /// <summary>What <see cref="IOperatorHandler.InferFromWeight"/> makes of masks.</summary>
    public string Weight { get; init; } = None;

    /// <summary>Which constants the smaller operator takes over.</summary>
    public string Folded { get; init; } = None;
}

using Speedup.Abstractions;

namespace Core.Tests.Kernel;

/// <summary>What the handler of a <see cref="Step"/> does, function by function; nothing by default.</summary>
internal sealed record Script
{
    /// <summary>One output whose axes go with those of the first input.</summary>
    public static Script Passing => new() { Relate = Elementwise.Varying.Relate, FromOutput = Elementwise.Varying.InferFromOutput };

    public Action<IOperator> FromWeight { get; init; } = _ => { };

    public Action<IOperator> FromInput { get; init; } = _ => { };

    public Action<IOperator> FromOutput { get; init; } = _ => { };

    public Action<IRelations> Relate { get; init; } = _ => { };

    public Action<IPlanning> Constrain { get; init; } = _ => { };
}

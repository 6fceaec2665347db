namespace Speedup.Abstractions;

/// <summary>Where a handler learns what is left, to build the smaller module.</summary>
public interface IReplacement : IOperator
{
    /// <summary>The indices that stay, ascending.</summary>
    IReadOnlyList<int> Kept(AxisRef axis);

    /// <summary>
    /// The constant that must be folded for an index: its value where the index is removed, constant, and the policy is
    /// <see cref="ConstantPolicy.Exact"/>; otherwise zero.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The axis has no such index.</exception>
    double FoldedConstant(AxisRef axis, int index);
}

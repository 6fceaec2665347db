using Speedup.Core.Propagation;

namespace Speedup.Core.Planning;

/// <summary>A module that loses channels inside, and whose output is scattered back to full width.</summary>
/// <param name="Original">The operator.</param>
/// <param name="View">The same operator, with the axis as it is inside the module in the place of the output's.</param>
/// <param name="Axis">Axis of the output, from the front.</param>
internal sealed record Scatter(GraphOperator Original, GraphOperator View, int Axis)
{
    /// <summary>The axis inside the module.</summary>
    public AxisKey Inner => View.KeyOf(Speedup.Abstractions.AxisRef.OfOutput(0, Axis));

    /// <summary>The axis of the output, as consumers see it.</summary>
    public AxisKey Outer => Original.KeyOf(Speedup.Abstractions.AxisRef.OfOutput(0, Axis));

    /// <summary>Length of the axis before anything is removed.</summary>
    public int Length => Original.Output(0)[Axis].Length;
}

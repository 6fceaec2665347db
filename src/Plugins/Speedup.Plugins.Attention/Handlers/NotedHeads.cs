using Speedup.Abstractions;

namespace Speedup.Plugins.Attention;

/// <summary>The rule of heads, which show in no input or output: the report says why those stay that could go.</summary>
/// <param name="FindObstacle">Why no head may go; null where any may.</param>
internal sealed record NotedHeads(Func<(KeepCause Cause, string Reason)?> FindObstacle) : AxisRule
{
    /// <summary>What goes shows in no input or output.</summary>
    public override void Relate(IRelations relations) { }

    public override void Constrain(IPlanning plan)
    {
        int[] removable = [.. HeadWeights.RemovableColumns(plan)];
        if (removable.Length == 0 || FindObstacle() is not var (cause, reason))
            return;
        foreach (int column in removable)
            plan.Note(AxisRef.OfParameter(HeadWeights.OutputWeight, 1), column, cause, reason);
    }
}

using Speedup.Abstractions;
using Speedup.Core.Propagation;

namespace Speedup.Core.Planning;

/// <summary>One operator's look at the plan.</summary>
internal sealed class OperatorPlan(GraphOperator view, PlanState state) : OperatorAdapter(view), IPlanning
{
    /// <inheritdoc/>
    public bool IsRemoved(AxisRef axis, int index)
    {
        this.Check(axis, index);
        return state.IsRemoved(View.KeyOf(axis), index);
    }

    /// <inheritdoc/>
    public void Keep(AxisRef axis, int index, KeepCause cause, string reason)
    {
        this.Check(axis, index);
        state.Keep(View, axis, index, cause, reason);
    }

    /// <inheritdoc/>
    public void Note(AxisRef axis, int index, KeepCause cause, string reason)
    {
        this.Check(axis, index);
        state.Note(Name, axis, [index], cause, reason);
    }
}

using Speedup.Abstractions;

namespace Speedup.Plugins.Shape;

/// <summary>The rule of an axis that must not come to length 1: a <c>squeeze</c> of all axes of length 1 would drop it.</summary>
/// <param name="Axis">The axis.</param>
internal sealed record LongerThanOne(AxisRef Axis) : AxisRule
{
    /// <summary>Ties nothing: another rule does.</summary>
    public override void Relate(IRelations relations) { }

    public override void Constrain(IPlanning plan)
    {
        int length = plan.Facts(Axis).Length;
        int[] removed = [.. Enumerable.Range(0, length).Where(i => plan.IsRemoved(Axis, i))];
        if (removed.Length == length - 1)
            plan.Keep(Axis, removed[0], KeepCause.HardCodedSize, $"{plan.Name} without an axis would drop an axis of length 1");
    }
}

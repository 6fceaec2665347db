namespace Speedup.Abstractions;

/// <summary>An axis any index of which can go by itself, such as one that is as long as an argument says. It tells no facts.</summary>
/// <param name="Axis">The axis.</param>
public sealed record ReleasedAxis(AxisRef Axis) : AxisRule
{
    /// <summary>Says that the axis can change.</summary>
    public override void Relate(IRelations relations)
    {
        ArgumentNullException.ThrowIfNull(relations);
        relations.Release(Axis);
    }
}

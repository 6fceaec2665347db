using System.Reflection;
using Speedup.Core.Planning;
using Speedup.Core.Propagation;
using TorchSharp;

namespace Speedup.Core.Replacement;

/// <summary>
/// An integer field of a user's module that holds the width of an axis: code checks it, splits by it, or views with it, and needs
/// the new width once the axis shrinks.
/// </summary>
/// <param name="Owner">The module.</param>
/// <param name="Field">Its field.</param>
/// <param name="Axis">The axis whose width it holds.</param>
/// <param name="OldWidth">The width before.</param>
internal sealed record WidthField(torch.nn.Module Owner, FieldInfo Field, AxisKey Axis, int OldWidth)
{
    /// <summary>Number of indices that a plan leaves on the axis.</summary>
    public int NewWidth(RemovalPlan plan) => plan.KeptOn(Axis, OldWidth).Count;

    /// <summary>Whether another one is the same field of the same module.</summary>
    public bool IsSame(WidthField other) => Field == other.Field && ReferenceEquals(Owner, other.Owner);

    /// <summary>The width as a value of the field's type.</summary>
    public object ValueFor(RemovalPlan plan) => Convert.ChangeType(NewWidth(plan), Field.FieldType, null);
}

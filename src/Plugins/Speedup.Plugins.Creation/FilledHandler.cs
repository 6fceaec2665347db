using Speedup.Abstractions;
using TorchSharp;
using static TorchSharp.torch;

namespace Speedup.Plugins.Creation;

/// <summary>
/// Handles tensors of one number: <c>zeros</c>, <c>ones</c>, <c>full</c>, <c>new_zeros</c>, as initial states of loops. Each element is the
/// number at whatever size, so that any index can go. Where the size is computed from a shape or held by a field, the smaller model
/// computes the smaller size; a number in the source does not follow, and the axis then stays.
/// </summary>
internal sealed class FilledHandler : RuleFunctionHandler
{
    public override IReadOnlyList<FunctionKey> Functions =>
        [
            .. KeysOf(typeof(TorchSharp.torch), "zeros", "ones", "full", "empty"),
            .. KeysOf(typeof(Tensor), "new_zeros", "new_ones", "new_full", "new_empty", "zeros", "ones", "full", "empty"),
        ];

    public override OperatorDescription Description =>
        new(
            "the number; nothing of `empty`",
            "everything of the tensor that `new_...` is called on: only its type counts",
            "an axis whose length is a number in the source"
        );

    protected override IEnumerable<AxisRule> RulesOf(IOperator op) =>
        [
            new FilledOutput(NumberOf),
            .. op.InputCount == 0 ? [] : UnusedAxis.AllOf(op, 0),
            .. SizeArgument.Of(op).Select(size => new ReleasedAxis(AxisRef.OfOutput(0, size.Axis))),
        ];

    public override IReadOnlyDictionary<string, object?> Replace(IReplacement replacement) => SizeArgument.Replace(replacement);

    private static double NumberOf(IOperator op) =>
        op.Method!.Name.Replace("new_", "", StringComparison.Ordinal) switch
        {
            "zeros" => 0,
            "ones" => 1,
            "full" => FillOf(op),
            _ => double.NaN, // whatever the memory held
        };

    /// <summary>The number as the tensor's type holds it. What <c>new_full</c> takes its type from is as exact as the rest of the model.</summary>
    private static double FillOf(IOperator op)
    {
        if (op.FindArgument("value") is not Scalar value)
            return double.NaN;
        var type = op.FindArgument("dtype") as ScalarType?;
        if (type is null && op.InputCount > 0)
            return value.ToDouble();
        using Tensor held = full([1], value, dtype: type);
        using Tensor read = held.to(ScalarType.Float64);
        return read.ToDouble();
    }
}

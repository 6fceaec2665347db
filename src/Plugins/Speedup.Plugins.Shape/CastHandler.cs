using Speedup.Abstractions;
using static TorchSharp.torch;

namespace Speedup.Plugins.Shape;

/// <summary>
/// Handles changes of type and device. A constant stays one where the type can hold it; a whole number that is rounded to can be another one
/// for the masked model, whose constant has rounded a little, so that nothing is said there.
/// </summary>
internal sealed class CastHandler : RuleFunctionHandler
{
    /// <summary>What a type of few digits may change in a constant.</summary>
    private const double Rounding = 1e-2;

    public override IReadOnlyList<FunctionKey> Functions =>
        [
            .. KeysOf(typeof(Tensor), "to", "to_type", "type", "type_as", "float", "double", "half", "bfloat16", "int", "long", "bool"),
            .. KeysOf(typeof(Tensor), "cpu", "cuda", "mps"),
        ];

    public override OperatorDescription Description =>
        new("the constant in its new type, unless that changes more than its last digits", "an index of any axis", "-");

    protected override IEnumerable<AxisRule> RulesOf(IOperator op) =>
        [
            Elementwise.OfTensor(constants => Cast(op, constants)),
            .. op.InputCount > 1 ? UnusedAxis.AllOf(op, 1) : [], // of a tensor that is given for its type, only that counts
        ];

    private static Tensor Cast(IOperator op, Tensor constants)
    {
        using Tensor before = constants.clone();
        Tensor after = Repeat(op, constants).to(ScalarType.Float64).cpu();
        return where((after - before).abs().le(before.abs() * Rounding), after, double.NaN);
    }

    /// <summary>What takes its type from another tensor is left as it is, which holds for zero at least.</summary>
    private static Tensor Repeat(IOperator op, Tensor constants) =>
        op.InputCount > 1 ? where(constants.logical_not(), constants, double.NaN) : RecordedCall.Repeat(op, constants.alias());
}

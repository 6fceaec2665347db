using Speedup.Abstractions;
using static TorchSharp.torch;

namespace Speedup.Plugins.Activation;

/// <summary>
/// Handles functions of one tensor with steps, element by element. The masked model's constant has rounded a little, so that next to a step its
/// result is not known; it is where the function has the same value on both sides. Zero is exact: what is masked, or cut off by a ReLU.
/// </summary>
internal sealed class StepFunctionHandler : RuleFunctionHandler
{
    /// <summary>How far, relative to it, the masked model's constant may be from the computed one.</summary>
    private const double Rounding = 1e-5;

    private static readonly string[] Names = ["ceil", "fix", "floor", "round", "sgn", "sign", "signbit", "trunc"];

    public override IReadOnlyList<FunctionKey> Functions { get; } =
    [.. Existing(typeof(TorchSharp.torch)), .. Existing(typeof(Tensor)), .. Existing(typeof(special))];

    public override OperatorDescription Description =>
        new("the function's own result for a constant that is not next to a step", "an index of any axis", "-");

    protected override IEnumerable<AxisRule> RulesOf(IOperator op) =>
        IsElementwise(op) ? [Elementwise.OfTensor(constants => AwayFromSteps(op, constants))] : [];

    private static Tensor AwayFromSteps(IOperator op, Tensor constants)
    {
        Tensor[] values =
        [
            .. new[] { 1, 1 - Rounding, 1 + Rounding }.Select(factor => RecordedCall.Repeat(op, constants * factor).to(ScalarType.Float64)),
        ];
        return where(values[0].eq(values[1]) & values[0].eq(values[2]), values[0], double.NaN);
    }

    private static bool IsElementwise(IOperator op) => op.InputCount == 1 && op.Input(0).Shape.SequenceEqual(op.Output(0).Shape);

    private static IEnumerable<FunctionKey> Existing(Type type) =>
        KeysOf(type, type.GetMethods().Select(method => method.Name).Distinct().Where(name => Names.Contains(name.TrimEnd('_'))));
}

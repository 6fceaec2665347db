using Speedup.Abstractions;
using static TorchSharp.torch;

namespace Speedup.Plugins.Linear;

/// <summary>
/// Handles <c>nn.Bilinear</c>: weight <c>[out, in1, in2]</c>, inputs <c>[..., in1]</c> and <c>[..., in2]</c>, output <c>[..., out]</c>.
/// A constant on one side multiplies what varies on the other, so that no bias can take it over; but another constant on the same
/// side can, as its carrier.
/// </summary>
internal sealed class BilinearHandler : RuleModuleHandler<TorchSharp.Modules.Bilinear>
{
    public override OperatorDescription Description =>
        new(
            "an output that reads zeros, or constants on both sides",
            "an input that no needed output reads, or only together with zeros; an index of the other axes",
            "one carrier of the constants of each input"
        )
        {
            Weight = "a masked row is its bias; an input that no row reads is unused",
            Folded = "constants into the weights of the carrier",
        };

    private static readonly InputCarrier First = new(0);
    private static readonly InputCarrier Second = new(1);

    protected override IEnumerable<AxisRule> RulesOf(IOperator op)
    {
        IEnumerable<AxisRule> passed = Enumerable
            .Range(0, op.Output(0).Rank - 1)
            .Select(axis =>
                AlignedAxes.FromInputs(
                    [AxisRef.OfInput(0, axis), AxisRef.OfInput(1, axis)],
                    AxisRef.OfOutput(0, axis),
                    ConstantFunctions.Varying
                )
            );
        return [new BilinearRule(), First, Second, .. passed];
    }

    public override SmallModule Replace(IReplacement replacement) => new(() => Build(replacement));

    private static nn.Module Build(IReplacement replacement)
    {
        (Tensor weight, Tensor? bias) = MakeParameters(replacement);
        var module = nn.Bilinear(weight.shape[1], weight.shape[2], weight.shape[0], bias is not null, META);
        module.weight = nn.Parameter(weight); // takes the tensors over
        if (bias is not null)
            module.bias = nn.Parameter(bias);
        return module;
    }

    public override long CountMacs(IOperator op) =>
        op.Output(0).Shape.Aggregate(1L, (a, b) => a * b) * op.Input(0).Shape[^1] * (op.Input(1).Shape[^1] + 1);

    private static (Tensor Weight, Tensor? Bias) MakeParameters(IReplacement replacement)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        Tensor weight = replacement.FindParameter(BilinearWeight.Name)!.Masked();
        weight = Second.Fold(replacement, First.Fold(replacement, weight));
        Tensor small = replacement.SelectKept(weight, 0, BilinearRule.Output);
        small = replacement.SelectKept(replacement.SelectKept(small, 1, First.Axis), 2, Second.Axis);
        Tensor? bias = replacement.FindParameter(BilinearRule.Bias)?.Masked();
        bias = bias is null ? null : replacement.SelectKept(bias, 0, BilinearRule.Output);
        return (small.MoveToOuterDisposeScope(), bias?.MoveToOuterDisposeScope());
    }
}

using Speedup.Abstractions;
using static TorchSharp.torch;

namespace Speedup.Plugins.Attention;

/// <summary>
/// Handles the function <c>bilinear</c>, whose weight <c>[out, in1, in2]</c> is an argument: a sum of products of three tensors, to which
/// a bias is added.
/// </summary>
internal sealed class BilinearFunctionHandler : RuleFunctionHandler
{
    public override OperatorDescription Description =>
        new(
            "an output whose weights are zero, where its bias is constant",
            "an output; an input that is zero on one side",
            "an input that is zero on neither side"
        )
        {
            Folded = "-",
        };

    private const int First = 0;
    private const int Second = 1;
    private const int Weight = 2;
    private const int Bias = 3;

    public override IReadOnlyList<FunctionKey> Functions => [.. KeysOf(typeof(nn.functional), "bilinear")];

    protected override IEnumerable<AxisRule> RulesOf(IOperator op) =>
        op.InputCount <= Bias
            ? [ProductOf(op)]
            :
            [
                ProductOf(op) with
                {
                    Added = (axis, i) => AddedAt(op, axis, i),
                },
                AlignedAxes.FromInputs([AxisRef.OfInput(Bias, 0)], AxisRef.OfOutput(0, -1), ConstantFunctions.Varying),
            ];

    private static double AddedAt(IOperator op, int axis, int index)
    {
        AxisFacts bias = op.Input(Bias)[0];
        return axis == op.Output(0).Rank - 1 && bias.IsConstant(index) ? bias.ConstantAt(index) : double.NaN;
    }

    private static Contraction ProductOf(IOperator op) =>
        new([
            .. Enumerable.Range(0, op.Output(0).Rank - 1).Select(axis => new Letter([At(First, axis), At(Second, axis)], axis)),
            new Letter([At(Weight, 0)], op.Output(0).Rank - 1),
            new Letter([At(First, -1), At(Weight, 1)], null),
            new Letter([At(Second, -1), At(Weight, 2)], null),
        ]);

    private static AxisRef At(int position, int axis) => AxisRef.OfInput(position, axis);
}

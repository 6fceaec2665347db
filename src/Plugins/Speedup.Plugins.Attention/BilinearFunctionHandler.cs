using Speedup.Abstractions;
using static TorchSharp.torch;

namespace Speedup.Plugins.Attention;

/// <summary>
/// Handles the function <c>bilinear</c>, whose weight <c>[out, in1, in2]</c> is an argument: a sum of products of three tensors, to which
/// a bias is added.
/// </summary>
internal sealed class BilinearFunctionHandler : FunctionHandler
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

    public override void InferFromInput(IOperator op) =>
        ProductOf(op).InferFromInput(op, (axis, i) => op.InputCount <= Bias ? 0 : AddedAt(op, axis, i));

    public override void InferFromOutput(IOperator op)
    {
        ProductOf(op).InferFromOutput(op);
        if (op.InputCount > Bias)
            AlignedBias.InferFromOutput(op);
    }

    public override void Relate(IRelations relations)
    {
        ProductOf(relations).Relate(relations);
        if (relations.InputCount > Bias)
            AlignedBias.Relate(relations);
    }

    public override void Constrain(IPlanning plan) => ProductOf(plan).Constrain(plan);

    private static AlignedAxes AlignedBias => new([AxisRef.OfInput(Bias, 0)], [AxisRef.OfOutput(0, -1)]);

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

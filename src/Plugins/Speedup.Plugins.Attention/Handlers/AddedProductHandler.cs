using System.Globalization;
using Speedup.Abstractions;
using static TorchSharp.torch;

namespace Speedup.Plugins.Attention;

/// <summary>
/// Handles a product of matrices to which a tensor is added: <c>addmm</c> and the function <c>linear</c>. Not <c>baddbmm</c>, whose
/// arguments TorchSharp 0.107.0 hands on in another order than their names say.
/// </summary>
internal sealed class AddedProductHandler : RuleFunctionHandler
{
    public override OperatorDescription Description =>
        new("-", "an index of the rows or columns", "the axis that is summed over where it is not zero on one side") { Folded = "-" };

    public override IReadOnlyList<FunctionKey> Functions =>
        [.. KeysOf(typeof(Tensor), "addmm"), .. KeysOf(typeof(TorchSharp.torch), "addmm"), .. KeysOf(typeof(nn.functional), "linear")];

    protected override IEnumerable<AxisRule> RulesOf(IOperator op)
    {
        Product product = IsLinear(op) ? MatrixProduct.Of(op, 0, 1, true) : MatrixProduct.Of(op, 1, 2);
        return
        [
            product with
            {
                Added = (axis, i) => Added(op, axis, i),
            },
            .. AddedAxes(op)
                .Select(axes => AlignedAxes.FromInputs([axes.Own], AxisRef.OfOutput(0, axes.Output), ConstantFunctions.Varying)),
        ];
    }

    private static bool IsLinear(IOperator op) => op.Method!.Name == "linear";

    /// <summary>Position of what is added; -1 for nothing.</summary>
    private static int AddedPosition(IOperator op) =>
        op.FindArgument(
            IsLinear(op) ? "bias"
            : op.Method!.IsStatic ? "input"
            : "this"
        )
            is InputRef added
            ? added.Position
            : -1;

    private static double Added(IOperator op, int axis, int index)
    {
        if (AddedPosition(op) < 0)
            return 0;
        double beta = op.FindArgument("beta") is { } scale ? Convert.ToDouble(scale, CultureInfo.InvariantCulture) : 1;
        (AxisRef Own, int Output)[] own = [.. AddedAxes(op).Where(pair => pair.Output == axis)];
        return own.Length > 0 && op.Facts(own[0].Own).IsConstant(index) ? beta * op.Facts(own[0].Own).ConstantAt(index) : double.NaN;
    }

    /// <summary>The axes of what is added that run along an axis of the output.</summary>
    private static IEnumerable<(AxisRef Own, int Output)> AddedAxes(IOperator op)
    {
        int position = AddedPosition(op);
        if (position < 0)
            yield break;
        TensorFacts added = op.Input(position);
        int missing = op.Output(0).Rank - added.Rank;
        for (int axis = 0; axis < added.Rank; axis++)
        {
            if (added.Shape[axis] == op.Output(0).Shape[axis + missing])
                yield return (AxisRef.OfInput(position, axis), axis + missing);
        }
    }
}

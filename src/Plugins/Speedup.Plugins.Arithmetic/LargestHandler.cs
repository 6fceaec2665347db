using System.Globalization;
using Speedup.Abstractions;
using static TorchSharp.torch;

namespace Speedup.Plugins.Arithmetic;

/// <summary>
/// Handles <c>max</c> and <c>min</c>: of two tensors, the larger or smaller number at each place; of one along an axis, the extreme and where it
/// is, at each index of the other axes.
/// </summary>
internal sealed class LargestHandler : RuleFunctionHandler
{
    public override IReadOnlyList<FunctionKey> Functions =>
        [.. KeysOf(typeof(Tensor), "max", "min"), .. KeysOf(typeof(TorchSharp.torch), "max", "min")];

    public override OperatorDescription Description =>
        new(
            "the result of two constants, broadcast or not; along an axis, a constant of another axis",
            "an index of any axis, in both operands; along an axis, an index of another axis",
            "the axis that is gone; everything where all axes are"
        );

    protected override IEnumerable<AxisRule> RulesOf(IOperator op)
    {
        if (op.InputCount != 2)
            return [FilledOutput.LikeInput(), .. OtherAxes(op)];
        return Operand.FindPair(op) is var (left, right)
            ? [new BroadcastRule([left, right], values => ExtremumHandler.Choose(op, values[0], values[1]))]
            : [];
    }

    private static IEnumerable<AxisRule> OtherAxes(IOperator op)
    {
        if (op.InputCount != 1 || op.FindArgument("dim") is not IConvertible dim)
            return [];
        int gone = op.Input(0).Normalize(dim.ToInt32(CultureInfo.InvariantCulture));
        bool keeps = op.Output(0).Rank == op.Input(0).Rank;
        return Enumerable
            .Range(0, op.Input(0).Rank)
            .Where(axis => axis != gone)
            .Select(axis => new ValuesAndIndices(axis, keeps || axis < gone ? axis : axis - 1, ConstantFunctions.Same));
    }
}

using System.Globalization;
using Speedup.Abstractions;
using static TorchSharp.torch;

namespace Speedup.Plugins.Arithmetic;

/// <summary>
/// Handles <c>max</c> and <c>min</c>: of two tensors, the larger or smaller number at each place; of one along an axis, the extreme and where it
/// is, at each index of the other axes.
/// </summary>
internal sealed class LargestHandler : FunctionHandler
{
    private static readonly ExtremumHandler OfTwo = new();

    public override IReadOnlyList<FunctionKey> Functions =>
        [.. KeysOf(typeof(Tensor), "max", "min"), .. KeysOf(typeof(TorchSharp.torch), "max", "min")];

    public override OperatorDescription Description =>
        new(
            "the result of two constants, broadcast or not; along an axis, a constant of another axis",
            "an index of any axis, in both operands; along an axis, an index of another axis",
            "the axis that is gone; everything where all axes are"
        );

    public override void InferFromInput(IOperator op)
    {
        if (op.InputCount == 2)
            OfTwo.InferFromInput(op);
        else
            op.Output(0).SetConstant(op.Input(0).FindConstant());
        foreach ((int input, int output) in OtherAxes(op)) // which of equal ones it is, is not known
            AlignedAxes.Of(input, output).InferFromInput(op);
    }

    public override void InferFromOutput(IOperator op)
    {
        if (op.InputCount == 2)
            OfTwo.InferFromOutput(op);
        int[] read = [.. Enumerable.Range(0, op.OutputCount).Where(op.IsRead)];
        foreach ((int input, int output) in OtherAxes(op).Where(_ => read.Length > 0))
            OnOutputs(input, output, read).InferFromOutput(op);
    }

    public override void Relate(IRelations relations)
    {
        if (relations.InputCount == 2)
            OfTwo.Relate(relations);
        foreach ((int input, int output) in OtherAxes(relations))
            OnOutputs(input, output, Enumerable.Range(0, relations.OutputCount)).Relate(relations);
    }

    private static AlignedAxes OnOutputs(int input, int output, IEnumerable<int> positions) =>
        new([AxisRef.OfInput(0, input)], [.. positions.Select(position => AxisRef.OfOutput(position, output))]);

    private static IEnumerable<(int Input, int Output)> OtherAxes(IOperator op)
    {
        if (op.InputCount != 1 || op.FindArgument("dim") is not IConvertible dim)
            return [];
        int gone = op.Input(0).Normalize(dim.ToInt32(CultureInfo.InvariantCulture));
        bool keeps = op.Output(0).Rank == op.Input(0).Rank;
        return Enumerable
            .Range(0, op.Input(0).Rank)
            .Where(axis => axis != gone)
            .Select(axis => (axis, keeps || axis < gone ? axis : axis - 1));
    }
}

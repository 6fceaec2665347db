using Speedup.Abstractions;
using static TorchSharp.torch;

namespace Speedup.Core.Probing;

/// <summary>
/// Runs a function with the known constants held and everything else random, and tells which indices of an output then hold one value: on
/// several samples, and at other lengths of the other axes where the function takes them (a sum over positions is constant at one size
/// only).
/// </summary>
internal sealed class ConstantProbe(RepeatableCall call, Generator generator)
{
    private const int Samples = 2;

    /// <summary>The value of each index of the output's axis that the relations name; NaN where it varies.</summary>
    /// <param name="op">The operator, with facts of its inputs.</param>
    /// <param name="relations">All relations of one axis of one output.</param>
    /// <param name="length">Length of that axis.</param>
    /// <exception cref="Exception">Whatever the function throws.</exception>
    public double[] Find(IOperator op, IReadOnlyList<IndexRelation> relations, int length)
    {
        double[]? values = null;
        for (int sample = 0; sample < Samples; sample++)
            values = Agree(values, Run(op, relations, length, null));
        foreach (long other in OtherLengths(relations))
        {
            try
            {
                values = Agree(values, Run(op, relations, length, other));
            }
            catch (Exception refusal) when (refusal is not OperationCanceledException)
            {
                // the function does not take this length by itself
            }
        }
        return values!;
    }

    /// <summary>Lengths of axes that the relations do not name.</summary>
    private long[] OtherLengths(IReadOnlyList<IndexRelation> relations) =>
        [
            .. call
                .InputShapes.SelectMany(
                    (shape, input) => shape.Where((_, axis) => !relations.Any(r => r.Input == input && r.InputAxis == axis))
                )
                .Where(length => length > 1)
                .Distinct(),
        ];

    private double[] Run(IOperator op, IReadOnlyList<IndexRelation> relations, int length, long? shortened)
    {
        using var scope = NewDisposeScope();
        Tensor[] inputs = ProbeTensors.Draw(call, generator);
        for (int input = 0; input < inputs.Length; input++)
        {
            if (relations.FirstOrDefault(relation => relation.Input == input) is not { } own)
                continue; // whatever it does to the output, it does to all of its indices: it stays random
            inputs[input] = Shorten(Hold(inputs[input], op.Input(input)[own.InputAxis], own.InputAxis), own.InputAxis, shortened);
        }
        Tensor result = call.Run(inputs)[relations[0].Output];
        if (result.shape[relations[0].OutputAxis] != length)
            return [.. Enumerable.Repeat(double.NaN, length)];
        Tensor slices = ProbeTensors.PerIndex(ProbeTensors.AsReal(result), relations[0].OutputAxis); // complex: both parts the same, that is, zero
        Tensor low = slices.amin([1]);
        return where(low.eq(slices.amax([1])), low, double.NaN).data<double>().ToArray();
    }

    private static Tensor Hold(Tensor tensor, AxisFacts facts, int axis)
    {
        for (int i = 0; i < facts.Length; i++)
        {
            if (facts.IsConstant(i))
                tensor.select(axis, i).fill_(facts.ConstantAt(i));
        }
        return tensor;
    }

    private static Tensor Shorten(Tensor tensor, int except, long? length)
    {
        for (int axis = 0; axis < tensor.dim(); axis++)
        {
            if (axis != except && tensor.shape[axis] == length)
                tensor = tensor.narrow(axis, 0, (length.Value + 1) / 2);
        }
        return tensor;
    }

    private static double[] Agree(double[]? first, double[] second) =>
        first is null ? second : [.. first.Zip(second, (a, b) => a.Equals(b) ? a : double.NaN)];
}

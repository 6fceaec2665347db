using Speedup.Abstractions;
using TorchSharp;
using static TorchSharp.torch;

namespace Speedup.Core.Probing;

/// <summary>
/// Runs a function with the known constants held and everything else random, and tells which indices of an output then hold one value: on
/// numbers of every range, and at other lengths of the other axes where the function takes them (a sum over positions is constant at one
/// size only).
/// </summary>
internal sealed class ConstantProbe(RepeatableCall call, Generator generator)
{
    /// <summary>How far the masked model's constants may be from those that were computed, by rounding.</summary>
    private const double Rounding = 1e-5;

    /// <summary>By how much a result may change with that; next to a step it changes by more.</summary>
    private const double Steadiness = 1e-4;

    /// <summary>What a length is changed to.</summary>
    private static readonly Func<long, long>[] OtherSizes = [length => (length + 1) / 2, length => length * 3];

    /// <summary>The value of each index of the output's axis that the relations name; NaN where it varies.</summary>
    /// <param name="op">The operator, with facts of its inputs.</param>
    /// <param name="relations">All relations of one axis of one output.</param>
    /// <param name="length">Length of that axis.</param>
    /// <exception cref="Exception">Whatever the function throws.</exception>
    public double[] Find(IOperator op, IReadOnlyList<IndexRelation> relations, int length)
    {
        double[]? values = null;
        foreach (ProbeRange range in call.Ranges.Prepend(ProbeRange.Normal))
        {
            values = Agree(values, Run(op, relations, length, range, null));
            if (Array.TrueForAll(values, double.IsNaN))
                return values; // no number of another range can bring one back
        }
        foreach (double side in new[] { 1 - Rounding, 1 + Rounding })
            values = Steady(values!, Run(op, relations, length, ProbeRange.Normal, null, side));
        foreach (long other in OtherLengths(relations))
        foreach (Func<long, long> change in OtherSizes)
        {
            try
            {
                values = Agree(values, Run(op, relations, length, ProbeRange.Normal, (other, change(other))));
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
                .Distinct(),
        ];

    private double[] Run(
        IOperator op,
        IReadOnlyList<IndexRelation> relations,
        int length,
        ProbeRange range,
        (long From, long To)? other,
        double factor = 1
    )
    {
        using var scope = NewDisposeScope();
        Tensor[] inputs = call.Draw(range, generator);
        for (int input = 0; input < inputs.Length; input++)
        {
            if (relations.FirstOrDefault(relation => relation.Input == input) is not { } own)
                continue; // whatever it does to the output, it does to all of its indices: it stays random
            inputs[input] = Hold(Resize(inputs[input], own.InputAxis, other), op.Input(input)[own.InputAxis], own.InputAxis, factor);
        }
        Tensor result = call.Run(inputs)[relations[0].Output];
        if (result.shape[relations[0].OutputAxis] != length)
            return [.. Enumerable.Repeat(double.NaN, length)];
        Tensor slices = ProbeTensors.PerIndex(ProbeTensors.AsReal(result), relations[0].OutputAxis); // complex: both parts the same, that is, zero
        Tensor low = slices.amin([1]);
        return where(low.eq(slices.amax([1])), low, double.NaN).data<double>().ToArray();
    }

    private static Tensor Hold(Tensor tensor, AxisFacts facts, int axis, double factor)
    {
        for (int i = 0; i < facts.Length; i++)
        {
            if (!facts.IsConstant(i))
                continue;
            using Scalar constant = facts.ConstantAt(i) * factor; // a temporary one may be collected while the native library reads it
            tensor.select(axis, i).fill_(constant);
        }
        return tensor;
    }

    private static Tensor Resize(Tensor tensor, int except, (long From, long To)? other)
    {
        for (int axis = 0; axis < tensor.dim(); axis++)
        {
            if (axis != except && other is { } length && tensor.shape[axis] == length.From)
                tensor = ProbeTensors.Resize(tensor, axis, length.To);
        }
        return tensor;
    }

    /// <summary>Without values that are others next to the constants: the masked model's have rounded a little.</summary>
    private static double[] Steady(double[] values, double[] besides) =>
        [.. values.Zip(besides, (a, b) => Math.Abs(a - b) <= Steadiness * Math.Abs(a) ? a : double.NaN)];

    private static double[] Agree(double[]? first, double[] second) =>
        first is null ? second : [.. first.Zip(second, (a, b) => a.Equals(b) ? a : double.NaN)];
}

using Speedup.Abstractions;
using Speedup.TestKit.Cases;
using Speedup.TestKit.Handlers;
using Speedup.TestKit.Reports;
using static TorchSharp.torch;

namespace Speedup.TestKit.Checks;

/// <summary>Holds what a handler claims against the masked network itself.</summary>
/// <param name="settled">The call, with all facts.</param>
/// <param name="rerun">The outputs of the network for other inputs of the call.</param>
/// <param name="observations">Passes through the network.</param>
/// <param name="log">What the handler has said.</param>
internal sealed class FactCheck(
    IOperator settled,
    Func<Tensor[], IReadOnlyList<Tensor>> rerun,
    IReadOnlyList<Observation> observations,
    HandlerLog log
)
{
    private const double Tolerance = 1e-9;
    private const double Disturbance = 3;

    /// <summary>
    /// Whether what is constant and called unused is given other numbers, too. Not where the outputs hold what is constant themselves: it may be
    /// called unused because all that it leads to is constant, and other numbers would then be no counterexample.
    /// </summary>
    public bool DisturbsConstants { get; init; }

    /// <summary>The first claim that does not hold; null if all do.</summary>
    public Finding? FindWrongClaim(Values values) => FindWrongConstant() ?? FindWrongUnused(values);

    private Finding? FindWrongConstant()
    {
        for (int q = 0; q < settled.OutputCount; q++)
        for (int axis = 0; axis < settled.Output(q).Rank; axis++)
        {
            var wrong = new List<int>();
            string? first = null;
            foreach (Observation observation in observations.Where(seen => q < seen.Outputs.Count))
            foreach (
                int index in Where(settled.Output(q), axis, observation.Outputs[q], (facts, i) => facts.IsConstant(i)).Except([.. wrong])
            )
            {
                double claimed = settled.Output(q)[axis].ConstantAt(index);
                double error = ErrorOf(observation.Outputs[q].narrow(axis, index, 1), claimed);
                if (error <= Tolerance * (1 + Math.Abs(claimed)))
                    continue; // not so for NaN
                wrong.Add(index);
                first ??= $"it is off by {error:G3} on an input of shape {Shape(observation.Inputs[0])}";
            }
            if (first is not null)
                return WrongConstant(q, axis, wrong, first);
        }
        return null;
    }

    private Finding WrongConstant(int position, int axis, List<int> wrong, string off)
    {
        var place = AxisRef.OfOutput(position, axis);
        double claimed = settled.Facts(place).ConstantAt(wrong[0]);
        return new Finding(
            KitFaultKind.Soundness,
            $"The handler claims that output {position} is {claimed:R} at index {wrong[0]} of axis {axis}; {off}."
        )
        {
            Handler = log.Handler,
            Function = log.Claims.ConstantBy(place, wrong[0]),
            Axis = place,
            Indices = [.. wrong.Order()],
        };
    }

    private Finding? FindWrongUnused(Values values)
    {
        (AxisRef Axis, int Index)[] claims = [.. Claims()];
        foreach (Observation observation in observations)
        {
            if (claims.Length == 0 || ErrorOf(observation, claims, values) <= Tolerance)
                continue;
            (AxisRef Axis, int Index)[] wrong = [.. claims.Where(claim => ErrorOf(observation, [claim], values) > Tolerance)];
            (AxisRef Axis, int Index)[] named = wrong.Length == 0 ? claims : wrong; // only together, or by chance
            double error = ErrorOf(observation, named, values);
            AxisRef axis = named[0].Axis;
            return new Finding(
                KitFaultKind.Soundness,
                $"The handler claims that these indices are not used; with other numbers there the network's output differs by {error:G3}."
            )
            {
                Handler = log.Handler,
                Function = log.Claims.UnusedBy(axis, named[0].Index),
                Axis = axis,
                Indices = [.. named.Where(claim => claim.Axis == axis).Select(claim => claim.Index)],
            };
        }
        return null;
    }

    private static double ErrorOf(Tensor slice, double claimed)
    {
        using Tensor expected = tensor(claimed); // a number itself becomes a Scalar that TorchSharp lets the collector free during the call
        return (slice.to(ScalarType.Float64) - expected).abs().max().item<double>();
    }

    /// <summary>How far the network's output moves with other numbers at some places of the inputs.</summary>
    private double ErrorOf(Observation observation, IReadOnlyList<(AxisRef Axis, int Index)> places, Values values)
    {
        Tensor[] inputs =
        [
            .. observation.Inputs.Select(
                (input, p) => p < settled.InputCount && input.is_floating_point() ? Disturb(input, p, places, values) : input
            ),
        ];
        return OutputError.Between(observation.Results, rerun(inputs));
    }

    private Tensor Disturb(Tensor input, int position, IReadOnlyList<(AxisRef Axis, int Index)> places, Values values)
    {
        Tensor result = input.clone();
        foreach ((AxisRef axis, int index) in places.Where(place => place.Axis.Position == position && Fits(place.Axis, input)))
        {
            Tensor slice = result.narrow(axis.Axis, index, 1);
            slice.copy_(values.Normal(slice.shape, input.dtype, Disturbance));
        }
        for (int axis = 0; axis < settled.Input(position).Rank && !DisturbsConstants; axis++)
            foreach (int index in Where(settled.Input(position), axis, input, (facts, i) => facts.IsConstant(i)))
                result.narrow(axis, index, 1).copy_(input.narrow(axis, index, 1)); // also where it crosses an unused index of another axis
        return result;
    }

    private bool Fits(AxisRef axis, Tensor input) =>
        input.dim() == settled.Input(axis.Position).Rank && input.shape[axis.Axis] == settled.Facts(axis).Length;

    /// <summary>What is called unused.</summary>
    private IEnumerable<(AxisRef Axis, int Index)> Claims() =>
        from p in Enumerable.Range(0, settled.InputCount)
        from axis in Enumerable.Range(0, settled.Input(p).Rank)
        let facts = settled.Input(p)[axis]
        from i in Enumerable.Range(0, facts.Length)
        where !facts.IsUsed(i) && (DisturbsConstants || !facts.IsConstant(i))
        select (AxisRef.OfInput(p, axis), i);

    private static IEnumerable<int> Where(TensorFacts facts, int axis, Tensor value, Func<AxisFacts, int, bool> condition) =>
        facts.Rank == value.dim() && facts[axis].Length == value.shape[axis]
            ? Enumerable.Range(0, facts[axis].Length).Where(i => condition(facts[axis], i))
            : [];

    private static string Shape(Tensor tensor) => $"[{string.Join(", ", tensor.shape)}]";
}

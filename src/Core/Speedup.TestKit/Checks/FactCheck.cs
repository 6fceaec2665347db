using Speedup.Abstractions;
using Speedup.TestKit.Cases;
using Speedup.TestKit.Networks;
using static TorchSharp.torch;

namespace Speedup.TestKit.Checks;

/// <summary>Holds what a handler claims against the masked network itself.</summary>
internal sealed class FactCheck(IOperator settled, HostNetwork masked, IReadOnlyList<Observation> observations)
{
    private const double Tolerance = 1e-9;
    private const double Disturbance = 3;

    /// <summary>The first claim that does not hold; null if all do.</summary>
    public string? FindWrongClaim(Values values) => FindWrongConstant() ?? FindWrongUnused(values);

    private string? FindWrongConstant()
    {
        foreach (Observation observation in observations)
            for (int q = 0; q < Math.Min(settled.OutputCount, observation.Outputs.Count); q++)
            {
                Tensor output = observation.Outputs[q];
                foreach ((int axis, int index) in Where(settled.Output(q), output, (facts, i) => facts.IsConstant(i)))
                {
                    double claimed = settled.Output(q)[axis].ConstantAt(index);
                    double error = (output.narrow(axis, index, 1) - claimed).abs().max().item<double>();
                    if (!(error <= Tolerance * (1 + Math.Abs(claimed)))) // NaN, too
                        return $"The handler claims that output {q} is {claimed:R} at index {index} of axis {axis}; it is off by {error:G3} "
                            + $"on an input of shape {Shape(observation.Inputs[0])}.";
                }
            }
        return null;
    }

    private string? FindWrongUnused(Values values)
    {
        foreach (Observation observation in observations)
        {
            Tensor[] inputs = [.. observation.Inputs.Select((input, p) => p < settled.InputCount ? Disturb(input, p, values) : input)];
            double error = OutputError.Between(observation.Results, Observation.From(masked, inputs).Results);
            if (error > Tolerance)
                return $"The handler claims that {ListUnused()} are not used; with other numbers there the network's output differs by {error:G3}.";
        }
        return null;
    }

    private Tensor Disturb(Tensor input, int position, Values values)
    {
        if (!input.is_floating_point())
            return input;
        Tensor result = input.clone();
        foreach ((int axis, int index) in Where(settled.Input(position), input, IsDisturbed))
        {
            Tensor slice = result.narrow(axis, index, 1);
            slice.copy_(values.Normal(slice.shape, input.dtype, Disturbance));
        }
        foreach ((int axis, int index) in Where(settled.Input(position), input, (facts, i) => facts.IsConstant(i)))
            result.narrow(axis, index, 1).copy_(input.narrow(axis, index, 1)); // also where it crosses an unused index of another axis
        return result;
    }

    /// <summary>A constant may be called unused because all that it leads to is constant; other numbers would then be no counterexample.</summary>
    private static bool IsDisturbed(AxisFacts facts, int index) => !facts.IsUsed(index) && !facts.IsConstant(index);

    private string ListUnused() =>
        string.Join(
            ", ",
            from p in Enumerable.Range(0, settled.InputCount)
            from axis in Enumerable.Range(0, settled.Input(p).Rank)
            let unused = Enumerable.Range(0, settled.Input(p)[axis].Length).Where(i => IsDisturbed(settled.Input(p)[axis], i)).ToArray()
            where unused.Length > 0
            select $"indices {string.Join(' ', unused)} of input {p} axis {axis}"
        );

    private static IEnumerable<(int Axis, int Index)> Where(TensorFacts facts, Tensor value, Func<AxisFacts, int, bool> condition) =>
        from axis in Enumerable.Range(0, facts.Rank)
        where facts.Rank == value.dim() && facts[axis].Length == value.shape[axis]
        from index in Enumerable.Range(0, facts[axis].Length)
        where condition(facts[axis], index)
        select (axis, index);

    private static string Shape(Tensor tensor) => $"[{string.Join(", ", tensor.shape)}]";
}

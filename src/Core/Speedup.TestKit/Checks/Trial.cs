using Speedup.Abstractions;
using static TorchSharp.torch;

namespace Speedup.TestKit.Checks;

/// <summary>
/// Runs what takes the place of a call on what is left of a pass through the masked network: it must yield what is left of that pass's outputs.
/// </summary>
/// <param name="seen">The pass.</param>
internal sealed class Trial(Observation seen)
{
    private const double Tolerance = 1e-8;

    /// <summary>Runs it.</summary>
    /// <param name="plan">What is left.</param>
    /// <param name="call">What takes the place of the call; where it throws, that is the result.</param>
    public TrialResult Run(IReplacement plan, Func<Tensor[], Tensor[]> call)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        Tensor[] inputs = [.. seen.Inputs.Select((input, p) => Slice(input, plan, PortKind.Input, p).clone())];
        Tensor[] actual;
        try
        {
            actual = call(inputs);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException) // whatever it is, it is what the trial tells
        {
            string reason = (failure.InnerException ?? failure).Message.Split('\n')[0];
            return new TrialResult
            {
                Message = $"it fails on an input of shape {Shape(inputs[0])}, which is what stays by the ties ({reason})",
            };
        }
        for (int q = 0; q < Math.Min(actual.Length, Math.Min(seen.Outputs.Count, plan.OutputCount)); q++)
        {
            if (plan.IsRead(q) && Compare(plan, q, actual[q]) is { IsRight: false } wrong)
                return wrong;
        }
        return new TrialResult { HasShapes = true };
    }

    private TrialResult Compare(IReplacement plan, int position, Tensor actual)
    {
        Tensor expected = Slice(seen.Outputs[position], plan, PortKind.Output, position);
        if (!expected.shape.SequenceEqual(actual.shape))
            return new TrialResult
            {
                Message = $"output {position} has the shape {Shape(actual)}, and {Shape(expected)} stays by the ties",
            };
        if (IsRight(plan, position, expected, actual))
            return new TrialResult { HasShapes = true };
        TrialResult? worst = null;
        for (int axis = 0; axis < expected.dim(); axis++)
        {
            TrialResult found = CompareAlong(plan, position, axis, expected, actual);
            if (!found.IsRight && (worst is null || IsNarrower(plan, found, worst)))
                worst = found;
        }
        return worst ?? new TrialResult { Message = $"output {position} is off, on the inputs that stay by the ties", HasShapes = true };
    }

    /// <summary>All at once: which axis tells best where the fault is only matters where there is one.</summary>
    private static bool IsRight(IReplacement plan, int position, Tensor expected, Tensor actual) =>
        MaxOf(WhereUsed(plan, position, null, Difference(expected, actual)).abs()) <= Tolerance * ScaleOf(expected);

    /// <summary>Whether one axis tells better than another where the fault is: fewer of its indices are wrong.</summary>
    private static bool IsNarrower(IReplacement plan, TrialResult one, TrialResult other) =>
        (double)one.Indices.Count / plan.Kept(one.Axis!.Value).Count <= (double)other.Indices.Count / plan.Kept(other.Axis!.Value).Count
        && (
            one.Axis.Value.Axis == 1
            || one.Indices.Count * plan.Kept(other.Axis.Value).Count < other.Indices.Count * plan.Kept(one.Axis.Value).Count
        );

    private static TrialResult CompareAlong(IReplacement plan, int position, int axis, Tensor expected, Tensor actual)
    {
        AxisRef reference = AxisRef.OfOutput(position, axis);
        IReadOnlyList<int> kept = plan.Kept(reference);
        double scale = ScaleOf(expected);
        var wrong = new List<int>();
        double largest = 0;
        bool isShifted = true;
        bool isAlike = axis > 0;
        for (int k = 0; kept.Count == expected.shape[axis] && k < kept.Count; k++)
        {
            if (!IsRelevant(plan.Output(position)[axis], kept[k]))
                continue;
            Tensor difference = WhereUsed(plan, position, axis, Difference(expected.narrow(axis, k, 1), actual.narrow(axis, k, 1)));
            double error = MaxOf(difference.abs());
            if (error <= Tolerance * scale)
                continue;
            wrong.Add(kept[k]);
            largest = double.IsNaN(error) ? error : Math.Max(largest, error);
            isShifted &= MaxOf(difference) + MaxOf(-difference) <= Tolerance * scale;
            isAlike &= MaxOf((difference - difference.narrow(0, 0, 1)).abs()) <= Tolerance * scale;
        }
        return wrong.Count == 0
            ? new TrialResult { HasShapes = true }
            : new TrialResult
            {
                Message = $"output {position} is off by {largest / scale:G3}, on the inputs that stay by the ties",
                HasShapes = true,
                IsShifted = isShifted,
                IsAlikeInSamples = isAlike,
                Axis = reference,
                Indices = wrong,
            };
    }

    /// <summary>What varies and is not used may be anything. A constant that stays is read as it is, also where all behind it is constant, too.</summary>
    private static bool IsRelevant(AxisFacts facts, int index) => facts.IsUsed(index) || facts.IsConstant(index);

    /// <summary>A slice of the output, where it is used along all other axes; null for all of it.</summary>
    private static Tensor WhereUsed(IReplacement plan, int position, int? axis, Tensor slice)
    {
        for (int other = 0; other < slice.dim(); other++)
        {
            IReadOnlyList<int> kept = plan.Kept(AxisRef.OfOutput(position, other));
            if (other == axis || kept.Count != slice.shape[other])
                continue;
            long[] used = [.. kept.Index().Where(i => IsRelevant(plan.Output(position)[other], i.Item)).Select(i => (long)i.Index)];
            if (used.Length < kept.Count)
                slice = slice.index_select(other, tensor(used));
        }
        return slice;
    }

    /// <summary>What is infinite or no number in both is no difference.</summary>
    private static Tensor Difference(Tensor expected, Tensor actual)
    {
        Tensor difference = expected.to(ScalarType.Float64) - actual.to(ScalarType.Float64);
        return where(expected.eq(actual) | (expected.ne(expected) & actual.ne(actual)), zeros_like(difference), difference);
    }

    private static double ScaleOf(Tensor expected)
    {
        Tensor value = expected.to(ScalarType.Float64);
        return 1 + MaxOf(where(value.isfinite(), value.abs(), zeros_like(value)));
    }

    private static double MaxOf(Tensor value) => value.numel() == 0 ? 0 : value.max().to(ScalarType.Float64).item<double>();

    private static Tensor Slice(Tensor value, IReplacement plan, PortKind kind, int position)
    {
        if (position >= (kind == PortKind.Input ? plan.InputCount : plan.OutputCount))
            return value;
        for (int axis = 0; axis < value.dim(); axis++)
        {
            AxisRef reference = kind == PortKind.Input ? AxisRef.OfInput(position, axis) : AxisRef.OfOutput(position, axis);
            if (plan.Kept(reference).Count < plan.Facts(reference).Length) // at another size an axis that stays may be longer
                value = plan.SelectKept(value, axis, reference);
        }
        return value;
    }

    private static string Shape(Tensor tensor) => $"[{string.Join(", ", tensor.shape)}]";
}

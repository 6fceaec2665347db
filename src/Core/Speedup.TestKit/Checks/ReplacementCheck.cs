using Speedup.Abstractions;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Speedup.TestKit.Checks;

/// <summary>
/// Holds a replacement against the masked module, alone: on what is kept of a pass through the masked network it must yield what is kept of that
/// pass's outputs. So a fault is found where it is made, before the network around it goes wrong.
/// </summary>
/// <param name="call">Calls the module under test.</param>
/// <param name="seen">A pass through the masked network.</param>
internal sealed class ReplacementCheck(Func<nn.Module, Tensor[], Tensor[]> call, Observation seen)
{
    private const double Tolerance = 1e-8;

    /// <summary>What is wrong, and which functions of the handler can be at fault; null where nothing is.</summary>
    public string? Find(IReplacement replacement, SmallModule small, nn.Module built)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        return (small.ShrinksInside ? null : FindUntied(replacement, built)) ?? FindOutput(replacement, built);
    }

    /// <summary>A row of a parameter that went although no tie says so: nobody else knows, who shares the parameter or reads it.</summary>
    private static string? FindUntied(IReplacement replacement, nn.Module built)
    {
        foreach ((string name, Parameter parameter) in built.named_parameters(recurse: false))
        {
            if (parameter.dim() == 0 || replacement.FindParameter(name) is not { } facts || facts.Facts.Rank == 0)
                continue;
            int kept = replacement.Kept(AxisRef.OfParameter(name, 0)).Count;
            if (kept != parameter.shape[0])
                return $"'{name}' of the new module has {parameter.shape[0]} rows, and by the ties {kept} of {facts.Facts.Shape[0]} stay. "
                    + "Relate does not tie axis 0 of this parameter, or ties it to another axis than Replace cuts it by.";
        }
        return null;
    }

    private string? FindOutput(IReplacement replacement, nn.Module built)
    {
        Tensor[] inputs = [.. seen.Inputs.Select((input, p) => Slice(input, replacement, PortKind.Input, p).clone())];
        bool trains = built.training;
        Tensor[] actual;
        try
        {
            built.eval();
            actual = call(built, inputs);
        }
        catch (Exception failure)
            when (failure is System.Runtime.InteropServices.ExternalException or ArgumentException or InvalidOperationException)
        {
            return $"The new module fails on an input of shape {Shape(inputs[0])}, which is what stays by the ties ({failure.Message.Split('\n')[0]}). "
                + "Relate does not tie all that goes together (or releases an axis that is tied), or Replace cuts otherwise.";
        }
        finally
        {
            built.train(trains);
        }
        for (int q = 0; q < Math.Min(actual.Length, Math.Min(seen.Outputs.Count, replacement.OutputCount)); q++)
        {
            if (replacement.IsRead(q) && Compare(replacement, q, actual[q]) is { } difference)
                return difference;
        }
        return null;
    }

    private string? Compare(IReplacement replacement, int position, Tensor actual)
    {
        Tensor expected = Slice(seen.Outputs[position], replacement, PortKind.Output, position);
        if (!expected.shape.SequenceEqual(actual.shape))
            return $"Output {position} of the new module has the shape {Shape(actual)}, and {Shape(expected)} stays by the ties. Relate does not tie all "
                + "that goes together (or releases an axis that is tied), or Replace cuts otherwise.";
        for (int axis = 0; axis < expected.dim(); axis++)
        {
            IReadOnlyList<int> kept = replacement.Kept(AxisRef.OfOutput(position, axis));
            for (int k = 0; kept.Count == expected.shape[axis] && k < kept.Count; k++)
            {
                if (!IsRelevant(replacement.Output(position), axis, kept[k]))
                    continue;
                double error = ErrorOf(replacement, position, expected, actual, axis, k);
                if (!(error <= Tolerance))
                    return $"Output {position} of the new module is off by {error:G3} at index {kept[k]} of axis {axis}, on the inputs that stay by the ties. "
                        + Blame(replacement);
            }
        }
        return null;
    }

    private static string Blame(IReplacement replacement) =>
        FoldedAxes(replacement).ToArray() is { Length: > 0 } folded
            ? $"Constants of {string.Join(" and ", folded)} went: Replace does not fold them rightly, or Constrain has to keep what cannot be folded."
            : "No constant went that is to be folded: Replace cuts or computes wrongly, or Relate ties the wrong indices.";

    private static IEnumerable<string> FoldedAxes(IReplacement replacement) =>
        from p in Enumerable.Range(0, replacement.InputCount)
        from axis in Enumerable.Range(0, replacement.Input(p).Rank)
        let reference = AxisRef.OfInput(p, axis)
        where Enumerable.Range(0, replacement.Facts(reference).Length).Any(i => replacement.FoldedConstant(reference, i) != 0)
        select reference.Describe();

    private static bool IsRelevant(TensorFacts facts, int axis, int index) => facts[axis].IsUsed(index);

    /// <summary>The largest error of a slice, relative to the output, where it is used along all other axes.</summary>
    private static double ErrorOf(IReplacement replacement, int position, Tensor expected, Tensor actual, int axis, int at)
    {
        Tensor error = (expected.narrow(axis, at, 1).to(ScalarType.Float64) - actual.narrow(axis, at, 1).to(ScalarType.Float64)).abs();
        for (int other = 0; other < expected.dim(); other++)
        {
            IReadOnlyList<int> kept = replacement.Kept(AxisRef.OfOutput(position, other));
            if (other == axis || kept.Count != expected.shape[other])
                continue;
            long[] used = [.. kept.Index().Where(i => IsRelevant(replacement.Output(position), other, i.Item)).Select(i => (long)i.Index)];
            error = error.index_select(other, tensor(used));
        }
        return error.numel() == 0 ? 0 : error.max().item<double>() / (1 + expected.abs().max().to(ScalarType.Float64).item<double>());
    }

    private static Tensor Slice(Tensor value, IReplacement replacement, PortKind kind, int position)
    {
        if (position >= (kind == PortKind.Input ? replacement.InputCount : replacement.OutputCount))
            return value;
        for (int axis = 0; axis < value.dim(); axis++)
        {
            AxisRef reference = kind == PortKind.Input ? AxisRef.OfInput(position, axis) : AxisRef.OfOutput(position, axis);
            if (replacement.Kept(reference).Count < value.shape[axis])
                value = replacement.SelectKept(value, axis, reference);
        }
        return value;
    }

    private static string Shape(Tensor tensor) => $"[{string.Join(", ", tensor.shape)}]";
}

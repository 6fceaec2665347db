using Speedup.Abstractions;
using Speedup.TestKit.Cases;
using Speedup.TestKit.Handlers;
using Speedup.TestKit.Networks;
using Speedup.TestKit.Reports;
using static TorchSharp.torch;

namespace Speedup.TestKit.Checks;

/// <summary>Tells which function says too little where an index stays that could go.</summary>
internal sealed class MissedCause(HandlerLog log, RemovableChannels channels, HostNetwork masked, Observation seen)
{
    private const double Tolerance = 1e-9;

    /// <summary>The function, where it says too little, and what it leaves out; null where nothing keeps the index.</summary>
    public Finding? Find(AxisRef axis, int index, Values values)
    {
        if (log.Settled is not { } settled || log.Ties is not { } ties)
            return null;
        if (!ties.IsClaimed(axis))
            return Say(nameof(IOperatorHandler.Relate), axis, index, "the axis is neither tied nor released");
        if (settled.Facts(axis).IsNeeded(index))
            return OfFacts(axis, index, values);
        IReadOnlyList<(AxisRef Axis, int Index)> group = ties.GroupOf(axis, index);
        foreach ((AxisRef at, int i, string reason) in log.Keeps.Kept)
        {
            if (group.Contains((at, i)))
                return Say(nameof(IOperatorHandler.Constrain), axis, index, $"it keeps the index, since \"{reason}\"");
        }
        foreach ((AxisRef at, int i) in group)
        {
            if (at.Kind == PortKind.Parameter || !settled.Facts(at).IsNeeded(i))
                continue;
            return channels.CouldGo(at, i)
                ? OfFacts(at, i, values)
                : Say(nameof(IOperatorHandler.Relate), axis, index, $"it is tied to index {i} of {at.Describe()}, which is needed");
        }
        return null;
    }

    private Finding? OfFacts(AxisRef axis, int index, Values values) =>
        axis.Kind == PortKind.Output ? OfOutput(axis, index, values) : OfInput(axis, index);

    private Finding? OfOutput(AxisRef axis, int index, Values values)
    {
        if (!channels.IsConstant(axis, index))
            return null; // not read, and that is the next layer's to say
        return IsConstantWithoutInputs(axis, index, values)
            ? Say(nameof(IOperatorHandler.InferFromWeight), axis, index, "it is constant whatever enters, and nobody says so")
            : Say(nameof(IOperatorHandler.InferFromInput), axis, index, "it is constant, since what enters is, and nobody says so");
    }

    private Finding OfInput(AxisRef axis, int index) =>
        channels.ChangesOutputs(axis, index)
            ? Say(
                nameof(IOperatorHandler.InferFromOutput),
                axis,
                index,
                "it is not used, since what it leads to is not read, and nobody says so"
            )
            : Say(nameof(IOperatorHandler.InferFromWeight), axis, index, "it is not used whatever is read, and nobody says so");

    private Finding Say(string function, AxisRef axis, int index, string what) =>
        new(KitFaultKind.Completeness, what)
        {
            Handler = log.Handler,
            Function = function,
            Axis = axis,
            Indices = [index],
        };

    /// <summary>Whether an output stays what it is where other numbers enter at all places.</summary>
    private bool IsConstantWithoutInputs(AxisRef axis, int index, Values values)
    {
        using var scope = NewDisposeScope();
        Tensor[] inputs =
        [
            .. seen.Inputs.Select(input => input.is_floating_point() ? values.Normal(input.shape, input.dtype) : input.clone()),
        ];
        Tensor now = masked.CallSubject(inputs)[axis.Position].narrow(axis.Axis, index, 1);
        Tensor before = seen.Outputs[axis.Position].narrow(axis.Axis, index, 1);
        return now.shape.SequenceEqual(before.shape) && (now - before).abs().max().item<double>() <= Tolerance;
    }
}

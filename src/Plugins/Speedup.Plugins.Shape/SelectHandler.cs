using System.Globalization;
using Speedup.Abstractions;
using static TorchSharp.torch;

namespace Speedup.Plugins.Shape;

/// <summary>Handles one index of an axis (<c>select</c>) or all of them (<c>unbind</c>): the other axes can change.</summary>
internal sealed class SelectHandler : RuleFunctionHandler
{
    public override IReadOnlyList<FunctionKey> Functions =>
        [.. KeysOf(typeof(Tensor), "select", "unbind"), .. KeysOf(typeof(TorchSharp.torch), "select", "unbind")];

    public override OperatorDescription Description =>
        new("a constant of another axis", "an index of another axis", "the axis of which one index is taken");

    protected override IEnumerable<AxisRule> RulesOf(IOperator op) =>
        [.. Enumerable.Range(0, op.OutputCount).Select(FilledOutput.LikeInput), .. OtherAxes(op)];

    private static IEnumerable<AlignedAxes> OtherAxes(IOperator op)
    {
        object? dim = op.FindArgument("dim") ?? op.FindArgument("dimension");
        int gone = op.Input(0).Normalize(Convert.ToInt32(dim, CultureInfo.InvariantCulture));
        return Enumerable
            .Range(0, op.Input(0).Rank)
            .Where(axis => axis != gone)
            .Select(axis => new AlignedAxes([AxisRef.OfInput(0, axis)], OnAllOutputs(op, axis < gone ? axis : axis - 1)));
    }

    private static AxisRef[] OnAllOutputs(IOperator op, int axis) =>
        [.. Enumerable.Range(0, op.OutputCount).Select(output => AxisRef.OfOutput(output, axis))];
}

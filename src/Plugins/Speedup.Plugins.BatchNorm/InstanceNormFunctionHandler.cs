using Speedup.Abstractions;
using TorchSharp;

namespace Speedup.Plugins.BatchNorm;

/// <summary>
/// Handles <c>nn.functional.instance_norm</c> of one tensor, without statistics or weights beside it: of a constant channel on
/// axis 1 zero is left. With them it is a barrier, since a function cannot be made smaller.
/// </summary>
internal sealed class InstanceNormFunctionHandler : FunctionHandler
{
    private static readonly AlignedAxes[] Axes = [AlignedAxes.Of(0, 0), AlignedAxes.Of(1, 1)];

    public override IReadOnlyList<FunctionKey> Functions => [.. KeysOf(typeof(torch.nn.functional), "instance_norm")];

    public override OperatorDescription Description =>
        new(
            "a constant channel is zero",
            "a channel",
            "a constant that is large beside `sqrt(eps)`: rounding decides what is left of it; everything where weights or statistics are given"
        );

    public override void InferFromInput(IOperator op)
    {
        double eps = (double)op.FindArgument("eps")!;
        foreach (AlignedAxes axes in AxesOf(op))
            axes.InferFromInput(op, value => CentredConstant.Of(value, null, null, eps) ?? double.NaN);
    }

    public override void InferFromOutput(IOperator op)
    {
        foreach (AlignedAxes axes in AxesOf(op))
            axes.InferFromOutput(op);
    }

    public override void Relate(IRelations relations)
    {
        foreach (AlignedAxes axes in AxesOf(relations))
            axes.Relate(relations);
    }

    private static AlignedAxes[] AxesOf(IOperator op) => op.InputCount == 1 ? Axes : [];
}

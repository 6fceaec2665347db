using Speedup.Abstractions;
using static TorchSharp.torch;

namespace Speedup.Plugins.Shape;

/// <summary>Handles <c>expand_as</c>: the other tensor gives its shape only, and loses what the output loses.</summary>
internal sealed class ExpandAsHandler : RuleFunctionHandler
{
    public override IReadOnlyList<FunctionKey> Functions => [.. KeysOf(typeof(Tensor), "expand_as")];

    public override OperatorDescription Description =>
        new(
            "the constant, expanded or not",
            "an index of an axis that is not expanded; everything of the other tensor: only its shape counts",
            "-"
        );

    protected override IEnumerable<AxisRule> RulesOf(IOperator op) =>
        [
            FilledOutput.LikeInput(),
            .. UnexpandedAxes.Of(op),
            .. UnusedAxis.AllOf(op, 1),
            .. Enumerable.Range(0, op.Output(0).Rank).Select(axis => new TiedAxes(AxisRef.OfInput(1, axis), AxisRef.OfOutput(0, axis))),
        ];
}

using Speedup.Abstractions;
using static TorchSharp.torch;

namespace Speedup.Plugins.Shape;

/// <summary>
/// Handles <c>repeat</c> and <c>tile</c>: an index goes with all its copies. Where an axis of one index is repeated, the number of copies is in
/// the source, so that the axis stays.
/// </summary>
internal sealed class RepeatHandler : RuleFunctionHandler
{
    public override IReadOnlyList<FunctionKey> Functions =>
        [.. KeysOf(typeof(Tensor), "repeat", "tile"), .. KeysOf(typeof(TorchSharp.torch), "tile")];

    public override OperatorDescription Description =>
        new("the constant in each copy", "an index whose copies are all unused", "an axis of one index that is repeated");

    protected override IEnumerable<AxisRule> RulesOf(IOperator op) => [FilledOutput.LikeInput(), .. LongAxes(op)];

    /// <summary>Axes of more than one index; new ones come first.</summary>
    private static IEnumerable<RearrangedAxis> LongAxes(IOperator op)
    {
        int added = op.Output(0).Rank - op.Input(0).Rank;
        return Enumerable
            .Range(0, op.Input(0).Rank)
            .Where(axis => op.Input(0).Shape[axis] > 1 && op.Output(0).Shape[axis + added] > 0)
            .Select(axis => Repeated(axis, axis + added, op.Input(0)[axis].Length));
    }

    private static RearrangedAxis Repeated(int input, int output, int length) =>
        new(AxisRef.OfInput(0, input), AxisRef.OfOutput(0, output), i => i % length);
}

using Speedup.Abstractions;
using static TorchSharp.torch;

namespace Speedup.Plugins.Shape;

/// <summary>Handles <c>flip</c>: along the flipped axes the last index goes with the first, whatever else is gone.</summary>
internal sealed class FlipHandler : RuleFunctionHandler
{
    private static readonly string[] Names = ["flip", "fliplr", "flipud"];

    public override IReadOnlyList<FunctionKey> Functions => [.. KeysOf(typeof(Tensor), Names), .. KeysOf(typeof(TorchSharp.torch), Names)];

    public override OperatorDescription Description => new("the constant at its new place", "an index of any axis", "-");

    protected override IEnumerable<AxisRule> RulesOf(IOperator op)
    {
        HashSet<int> flipped = FlippedAxes(op);
        return Enumerable
            .Range(0, op.Input(0).Rank)
            .Select(AxisRule (axis) => flipped.Contains(axis) ? Flipped(axis, op.Input(0)[axis].Length) : AlignedAxes.Of(axis, axis));
    }

    private static RearrangedAxis Flipped(int axis, int length) =>
        new(AxisRef.OfInput(0, axis), AxisRef.OfOutput(0, axis), i => length - 1 - i);

    private static HashSet<int> FlippedAxes(IOperator op) =>
        op.Method!.Name switch
        {
            "flipud" => [0],
            "fliplr" => [1],
            _ => [.. op.Argument<long[]>("dims").Select(axis => op.Input(0).Normalize((int)axis))],
        };
}

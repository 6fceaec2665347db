using Speedup.Abstractions;
using TorchSharp;

namespace Speedup.Plugins.Resampling;

/// <summary>
/// Handles <c>nn.functional.grid_sample</c>: input <c>[N, C, ...]</c>, grid <c>[N, ..., 2 or 3]</c>. Where it reads is data, border
/// included, so that no constant is known to stay one.
/// </summary>
internal sealed class GridSampleHandler : RuleFunctionHandler
{
    private static readonly AlignedAxes Samples = AlignedAxes.FromInputs(
        [AxisRef.OfInput(0, 0), AxisRef.OfInput(1, 0)],
        AxisRef.OfOutput(0, 0),
        ConstantFunctions.Varying
    );
    private static readonly AlignedAxes Channels = AlignedAxes.Of(1, 1, ConstantFunctions.Varying);

    public override IReadOnlyList<FunctionKey> Functions => [.. KeysOf(typeof(torch.nn.functional), "grid_sample")];

    public override OperatorDescription Description =>
        new("nothing: where it reads is data", "a channel", "positions; the grid; constant channels");

    protected override IEnumerable<AxisRule> RulesOf(IOperator op) => [Samples, Channels];
}

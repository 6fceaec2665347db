using System.Globalization;
using Speedup.Abstractions;
using static TorchSharp.torch;

namespace Speedup.Plugins.Normalization;

/// <summary>
/// Handles <c>renorm</c>, which scales each slice along one axis down to a largest norm. A zero has no share in a norm and stays zero; any other
/// constant has, and what becomes of it depends on how many others there are in its slice, and how large they are.
/// </summary>
internal sealed class RenormHandler : RuleFunctionHandler
{
    private static readonly string[] Names = ["renorm", "renorm_"];

    public override IReadOnlyList<FunctionKey> Functions =>
        [.. ExistingKeysOf(typeof(Tensor), Names), .. ExistingKeysOf(typeof(TorchSharp.torch), Names)];

    public override OperatorDescription Description =>
        new("zero stays zero", "a slice that has a norm of its own", "on the other axes all but zeros: they have a share in the norms");

    /// <summary>Each slice is scaled by its own norm, so that nobody else reads it.</summary>
    protected override IEnumerable<AxisRule> RulesOf(IOperator op)
    {
        int slices = op.Input(0).Normalize((int)op.Argument<long>("dim"));
        bool keepsZero = HasNorm(op);
        IEnumerable<AxisRule> others = Enumerable
            .Range(0, op.Input(0).Rank)
            .Where(axis => axis != slices)
            .Select(axis => new NormedAxis(axis, keepsZero, $"the norms that {op.Name} limits"));
        return [AlignedAxes.Of(slices, slices, keepsZero ? ConstantFunctions.ZeroOnly : ConstantFunctions.Varying), .. others];
    }

    /// <summary>Zero adds nothing to a norm of this order, and is not divided by one.</summary>
    private static bool HasNorm(IOperator op) => Number(op, "p") > 0 && Number(op, "maxnorm") >= 0;

    private static double Number(IOperator op, string name) =>
        Convert.ToDouble(op.FindArgument(name) ?? double.NaN, CultureInfo.InvariantCulture);
}

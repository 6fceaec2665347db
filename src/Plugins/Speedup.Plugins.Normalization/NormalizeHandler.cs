using Speedup.Abstractions;
using TorchSharp;

namespace Speedup.Plugins.Normalization;

/// <summary>
/// Handles <c>nn.functional.normalize</c>, <c>x / max(|x|, eps)</c> with the p-norm along one axis. A zero has no share in the norm
/// and stays zero: it can go; any other constant has.
/// </summary>
internal sealed class NormalizeHandler : RuleFunctionHandler
{
    public override IReadOnlyList<FunctionKey> Functions => [.. KeysOf(typeof(torch.nn.functional), "normalize")];

    public override OperatorDescription Description =>
        new("zero stays zero", "the axes beside the normalised one", "on the normalised axis all but zeros: they have a share in the norm");

    protected override IEnumerable<AxisRule> RulesOf(IOperator op)
    {
        int axis = op.Input(0).Normalize((int)op.Argument<long>("dim"));
        bool keepsZero = DividesByPositive(op);
        return
        [
            .. AlignedAxes.AllBut(op, axis, keepsZero ? ConstantFunctions.ZeroOnly : ConstantFunctions.Varying),
            new NormedAxis(axis, keepsZero, $"the norm that {op.Name} divides by"),
        ];
    }

    /// <summary>A zero is divided by something positive, and adds nothing to a norm of this order.</summary>
    private static bool DividesByPositive(IOperator op) => op.Argument<double>("eps") > 0 && op.Argument<double>("p") >= 0;
}

using Speedup.Abstractions;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Speedup.Plugins.Activation;

/// <summary>Handles <c>nn.PReLU</c> with one slope for all, or one for each index of axis 1.</summary>
internal sealed class PReLUHandler : RuleModuleHandler<PReLU>
{
    private static readonly AxisRef Weight = AxisRef.OfParameter("weight", 0);

    public override OperatorDescription Description =>
        new("each channel by its own slope; on other axes what is not negative", "an index of any axis", "-");

    protected override IEnumerable<AxisRule> RulesOf(IOperator op)
    {
        double[] slopes = op.FindParameter("weight")!.MaskedEntries();
        if (slopes.Length == 1)
            return [Elementwise.Of(value => value >= 0 ? value : slopes[0] * value)];
        return
        [
            AlignedAxes.Of(1, 1) with
            {
                OfConstant = (channel, value) => value >= 0 ? value : slopes[channel] * value,
            },
            Elementwise.Of(value => value >= 0 ? value : double.NaN), // other axes see all the slopes
            new TiedAxes(Weight, AxisRef.OfOutput(0, 1)),
        ];
    }

    public override SmallModule Replace(IReplacement replacement) => new(() => Build(replacement));

    private static nn.Module Build(IReplacement replacement)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        PReLU original = ModuleOf(replacement);
        Tensor weight = replacement.FindParameter("weight")!.Masked();
        if (original.num_parameters > 1)
            weight = replacement.SelectKept(weight, 0, Weight);
        PReLU small = nn.PReLU(weight.shape[0], original.init, weight.device, weight.dtype);
        small.weight = nn.Parameter(weight.DetachFromDisposeScope());
        return small;
    }
}

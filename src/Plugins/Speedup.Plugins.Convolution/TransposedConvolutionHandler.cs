using Speedup.Abstractions;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Speedup.Plugins.Convolution;

/// <summary>
/// Handles <c>nn.ConvTranspose1d</c>, <c>ConvTranspose2d</c> and <c>ConvTranspose3d</c>: weight
/// <c>[in, out / groups, kernel...]</c>. Which part of the kernel an output position sees depends on the position, unless there is
/// only one part; so a constant needs a carrier, which then is exact.
/// </summary>
internal sealed class TransposedConvolutionHandler : RuleModuleHandler<ConvolutionTranspose>
{
    public override IReadOnlyList<Type> ModuleTypes => [typeof(ConvTranspose1d), typeof(ConvTranspose2d), typeof(ConvTranspose3d)];

    public override OperatorDescription Description =>
        new(
            "an output that reads zeros only; constants only, if the kernel is one pixel with stride 1",
            "an input that no needed output reads",
            "one carrier of the constants a group; equal counts a group"
        )
        {
            Weight = "a masked filter is its bias; an input that no filter reads is unused",
            Folded = "constants into the weights of the carrier",
        };

    protected override IEnumerable<AxisRule> RulesOf(IOperator op) => [MapOf(op)];

    public override SmallModule Replace(IReplacement replacement) => new(() => Build(replacement));

    private static nn.Module Build(IReplacement replacement)
    {
        LinearMap map = MapOf(replacement);
        var (weight, bias) = map.ReplaceParameters(replacement);
        return SmallConvolution.Create(ModuleOf(replacement), weight, bias, map.CountGroups(replacement));
    }

    public override Func<IReadOnlyDictionary<string, Tensor>, nn.Module>? FindBuilder(nn.Module original) =>
        SmallConvolution.FindBuilder(original);

    public override long CountMacs(IOperator op) =>
        op.Input(0).Shape.Aggregate(1L, (a, b) => a * b) * ModuleOf(op).weight.shape.Skip(1).Aggregate(1L, (a, b) => a * b);

    private static LinearMap MapOf(IOperator op)
    {
        ConvolutionTranspose module = ModuleOf(op);
        int channels = -1 - module.kernel_size.Length;
        bool isPointwise =
            module.kernel_size.All(length => length == 1)
            && module.stride.All(step => step == 1)
            && module.padding!.All(length => length == 0)
            && module.output_padding.All(length => length == 0);
        return new LinearMap(AxisRef.OfInput(0, channels), AxisRef.OfOutput(0, channels), (int)module.groups, !isPointwise)
        {
            Transposed = true,
        };
    }
}

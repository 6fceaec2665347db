using Speedup.Abstractions;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using ConvolutionModule = TorchSharp.Modules.Convolution;

namespace Speedup.Plugins.Convolution;

/// <summary>
/// Handles <c>nn.Conv1d</c>, <c>Conv2d</c> and <c>Conv3d</c>: weight <c>[out, in / groups, kernel...]</c>, input
/// <c>[N, in, ...]</c> or <c>[in, ...]</c>. Positions and samples cannot change.
/// </summary>
internal sealed class ConvolutionHandler : RuleModuleHandler<ConvolutionModule>
{
    public override IReadOnlyList<Type> ModuleTypes => [typeof(Conv1d), typeof(Conv2d), typeof(Conv3d)];

    public override OperatorDescription Description =>
        new(
            "an output that reads constants only; zeros only, if it pads with zeros",
            "an input that no needed output reads",
            "with zero padding one carrier of the constants a group; equal counts a group"
        )
        {
            Weight = "a masked filter is its bias; an input that no filter reads is unused",
            Folded = "constants into the bias, with zero padding into the weights of the carrier",
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
        op.Output(0).Shape.Aggregate(1L, (a, b) => a * b) * ModuleOf(op).weight.shape.Skip(1).Aggregate(1L, (a, b) => a * b);

    private static LinearMap MapOf(IOperator op)
    {
        ConvolutionModule module = ModuleOf(op);
        int channels = -1 - module.kernel_size.Length;
        return new LinearMap(AxisRef.OfInput(0, channels), AxisRef.OfOutput(0, channels), (int)module.groups, PadsWithZeros(module));
    }

    /// <summary>The other padding modes repeat what is there, and so keep a constant constant. The number of the constant one is zero.</summary>
    private static bool PadsWithZeros(ConvolutionModule module)
    {
        if (module.padding_mode is not (PaddingModes.Zeros or PaddingModes.Constant))
            return false;
        return module.padding_type is { } type
            ? type == Padding.Same && module.kernel_size.Any(length => length > 1)
            : module.padding!.Any(length => length > 0);
    }
}

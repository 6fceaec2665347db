using Speedup.Abstractions;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Speedup.Plugins.Rearrangement;

/// <summary>Handles modules that move elements between channels and positions.</summary>
internal sealed class RearrangementHandler : RuleModuleHandler<nn.Module<Tensor, Tensor>>
{
    public override IReadOnlyList<Type> ModuleTypes => [typeof(PixelShuffle), typeof(PixelUnshuffle), typeof(Unfold), typeof(Fold)];

    internal static OperatorDescription CommonDescription { get; } =
        new(
            "a block of channels with one constant makes the other side's channel that constant; zero only in `fold` and a padded `unfold`",
            "a block that is unused as a whole",
            "positions; a block of channels stays or goes as a whole"
        );

    public override OperatorDescription Description => CommonDescription;

    protected override IEnumerable<AxisRule> RulesOf(IOperator op) =>
        ModuleOf(op) switch
        {
            PixelShuffle module => ChannelBlocks.OfPixelShuffle(op, module.upscale_factor),
            PixelUnshuffle module => ChannelBlocks.OfPixelUnshuffle(op, module.downscale_factor),
            Unfold module => ChannelBlocks.OfUnfold(op, module.kernel_size, module.padding is not (0, 0)),
            Fold module => ChannelBlocks.OfFold(op, module.kernel_size),
            var other => throw new NotSupportedException($"{other.GetType()} is not a module that this plugin knows."),
        };
}

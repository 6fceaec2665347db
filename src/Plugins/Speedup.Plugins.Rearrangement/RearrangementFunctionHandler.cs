using Speedup.Abstractions;
using TorchSharp;

namespace Speedup.Plugins.Rearrangement;

/// <summary>Handles the functions of the same.</summary>
internal sealed class RearrangementFunctionHandler : RuleFunctionHandler
{
    public override IReadOnlyList<FunctionKey> Functions =>
        [.. KeysOf(typeof(torch.nn.functional), "pixel_shuffle", "pixel_unshuffle", "unfold", "fold")];

    public override OperatorDescription Description => RearrangementHandler.CommonDescription;

    protected override IEnumerable<AxisRule> RulesOf(IOperator op) =>
        op.Method!.Name switch
        {
            "pixel_shuffle" => ChannelBlocks.OfPixelShuffle(op, op.Argument<long>("upscale_factor")),
            "pixel_unshuffle" => ChannelBlocks.OfPixelUnshuffle(op, op.Argument<long>("downscale_factor")),
            "unfold" => ChannelBlocks.OfUnfold(op, Pair(op, "kernel_size"), Pair(op, "padding") is not (0, 0)),
            _ => ChannelBlocks.OfFold(op, Pair(op, "kernel_size")),
        };

    /// <summary>A recorded pair, which one overload takes as one number and the other may leave out.</summary>
    private static (long, long) Pair(IOperator op, string name) =>
        op.FindArgument(name) switch
        {
            long number => (number, number),
            (long first, long second) => (first, second),
            _ => (0, 0),
        };
}

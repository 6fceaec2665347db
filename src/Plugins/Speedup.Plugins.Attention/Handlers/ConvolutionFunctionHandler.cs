using Speedup.Abstractions;
using static TorchSharp.torch;

namespace Speedup.Plugins.Attention;

/// <summary>
/// Handles the functions of convolutions, whose weight is a tensor like any other: a parameter, or one that is normalised, quantised or merged
/// before. Channels are summed over as in a product of matrices. With groups, all channels stay.
/// </summary>
internal sealed class ConvolutionFunctionHandler : RuleFunctionHandler
{
    private const int Data = 0;
    private const int Weight = 1;
    private const int Bias = 2;

    private static readonly string[] Names =
    [
        "conv1d",
        "conv2d",
        "conv3d",
        "conv1d_padding",
        "conv2d_padding",
        "conv3d_padding",
        "conv_transpose1d",
        "conv_transpose2d",
        "conv_transpose3d",
    ];

    public override OperatorDescription Description =>
        new(
            "the bias of an output whose weights are zero",
            "an output; an input that is zero, or whose weights are",
            "an input and its weights, neither of which is zero; all channels, if there are groups"
        )
        {
            Folded = "-",
        };

    public override IReadOnlyList<FunctionKey> Functions => [.. KeysOf(typeof(nn.functional), Names)];

    protected override IEnumerable<AxisRule> RulesOf(IOperator op)
    {
        if (HasGroups(op))
            return [];
        int channels = OutputAxis(op);
        Product product = ProductOf(op) with { Added = (axis, i) => axis == channels ? BiasAt(op, i) : double.NaN };
        return HasBias(op)
            ? [product, AlignedAxes.FromInputs([AxisRef.OfInput(Bias, 0)], AxisRef.OfOutput(0, channels), ConstantFunctions.Varying)]
            : [product];
    }

    /// <summary>
    /// Outputs come from rows of the weight, samples from samples, and channels are summed over. An output whose row is zero is its bias
    /// wherever the kernel lies; a channel that is zero is zero in the padding, too.
    /// </summary>
    private static Product ProductOf(IOperator op)
    {
        bool isTransposed = op.Method!.Name.StartsWith("conv_transpose", StringComparison.Ordinal);
        int channels = OutputAxis(op);
        var free = new List<FreeAxis> { new(channels, null, AxisRef.OfInput(Weight, isTransposed ? 1 : 0)) };
        if (channels > 0)
            free.Add(new FreeAxis(0, AxisRef.OfInput(Data, 0), null));
        return new Product(free, AxisRef.OfInput(Data, channels), AxisRef.OfInput(Weight, isTransposed ? 0 : 1));
    }

    private static bool HasGroups(IOperator op) => op.FindArgument("groups") is not 1L;

    private static bool HasBias(IOperator op) => op.FindArgument("bias") is InputRef { Position: Bias };

    private static int OutputAxis(IOperator op) => op.Output(0).Rank - op.Input(Weight).Rank + 1;

    private static double BiasAt(IOperator op, int index)
    {
        if (!HasBias(op))
            return 0;
        AxisFacts bias = op.Input(Bias)[0];
        return bias.IsConstant(index) ? bias.ConstantAt(index) : double.NaN;
    }
}

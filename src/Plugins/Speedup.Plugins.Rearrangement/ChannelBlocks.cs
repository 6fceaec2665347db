using Speedup.Abstractions;

namespace Speedup.Plugins.Rearrangement;

/// <summary>
/// The rules of operators that move elements between channels and positions: a channel on one side is a block of channels on the
/// other. Axes before the channels pass; positions cannot change.
/// </summary>
internal static class ChannelBlocks
{
    /// <summary><c>[..., C * factor^2, H, W]</c> to <c>[..., C, H * factor, W * factor]</c>: elements only move.</summary>
    public static IEnumerable<AxisRule> OfPixelShuffle(IOperator op, long factor)
    {
        int channels = op.Input(0).Rank - 3;
        return Create(channels, (int)(factor * factor), 1, null);
    }

    /// <summary>The way back.</summary>
    public static IEnumerable<AxisRule> OfPixelUnshuffle(IOperator op, long factor)
    {
        int channels = op.Input(0).Rank - 3;
        return Create(channels, 1, (int)(factor * factor), null);
    }

    /// <summary><c>[N, C, H, W]</c> to <c>[N, C * window, L]</c>: a padded one reads zeros, too.</summary>
    public static IEnumerable<AxisRule> OfUnfold(IOperator op, (long Height, long Width) window, bool isPadded)
    {
        bool drops = op.Policy == ConstantPolicy.Drop;
        return Create(1, 1, (int)(window.Height * window.Width), isPadded && !drops ? ConstantFunctions.ZeroOnly : null);
    }

    /// <summary><c>[N, C * window, L]</c> to <c>[N, C, H, W]</c>: how many elements add up depends on the position.</summary>
    public static IEnumerable<AxisRule> OfFold(IOperator op, (long Height, long Width) window) =>
        Create(op.Input(0).Rank - 2, (int)(window.Height * window.Width), 1, ConstantFunctions.ZeroOnly);

    /// <summary>The channels and the axes before them.</summary>
    /// <param name="axis">The channels' axis.</param>
    /// <param name="inputStep">Number of input channels in a block.</param>
    /// <param name="outputStep">Number of output channels in a block.</param>
    /// <param name="ofConstant">What becomes of a constant, NaN where that depends on the position; null where it stays what it is.</param>
    private static IEnumerable<AxisRule> Create(int axis, int inputStep, int outputStep, Func<double, double>? ofConstant)
    {
        var channels = new AxisBlocks(AxisRef.OfInput(0, axis), inputStep, AxisRef.OfOutput(0, axis), outputStep);
        return [channels with { OfConstant = ofConstant }, .. AlignedAxes.Leading(axis, ofConstant)];
    }
}

using Speedup.Abstractions;

namespace Speedup.Plugins.Rearrangement;

/// <summary>
/// The rules of operators that move elements between channels and positions: a channel on one side is a block of channels on the
/// other. Axes before the channels pass; positions cannot change.
/// </summary>
/// <param name="Blocks">The channels.</param>
/// <param name="ChannelAxis">Their axis.</param>
/// <param name="OfConstant">What becomes of a constant, NaN where that depends on the position; null for nothing.</param>
internal sealed record ChannelBlocks(AxisBlocks Blocks, int ChannelAxis, Func<double, double>? OfConstant)
{
    public void InferFromInput(IOperator op)
    {
        Blocks.InferFromInput(op, OfConstant);
        foreach (AlignedAxes axes in LeadingAxes())
            axes.InferFromInput(op, OfConstant);
    }

    public void InferFromOutput(IOperator op)
    {
        Blocks.InferFromOutput(op);
        foreach (AlignedAxes axes in LeadingAxes())
            axes.InferFromOutput(op);
    }

    public void Relate(IRelations relations)
    {
        Blocks.Relate(relations);
        foreach (AlignedAxes axes in LeadingAxes())
            axes.Relate(relations);
    }

    /// <summary><c>[..., C * factor^2, H, W]</c> to <c>[..., C, H * factor, W * factor]</c>: elements only move.</summary>
    public static ChannelBlocks OfPixelShuffle(IOperator op, long factor)
    {
        int channels = op.Input(0).Rank - 3;
        return Create(channels, (int)(factor * factor), 1, null);
    }

    /// <summary>The way back.</summary>
    public static ChannelBlocks OfPixelUnshuffle(IOperator op, long factor)
    {
        int channels = op.Input(0).Rank - 3;
        return Create(channels, 1, (int)(factor * factor), null);
    }

    /// <summary><c>[N, C, H, W]</c> to <c>[N, C * window, L]</c>: a padded one reads zeros, too.</summary>
    public static ChannelBlocks OfUnfold(IOperator op, (long Height, long Width) window, bool isPadded)
    {
        bool drops = op.Policy == ConstantPolicy.Drop;
        return Create(1, 1, (int)(window.Height * window.Width), isPadded && !drops ? ZeroOnly : null);
    }

    /// <summary><c>[N, C * window, L]</c> to <c>[N, C, H, W]</c>: how many elements add up depends on the position.</summary>
    public static ChannelBlocks OfFold(IOperator op, (long Height, long Width) window) =>
        Create(op.Input(0).Rank - 2, (int)(window.Height * window.Width), 1, ZeroOnly);

    private static ChannelBlocks Create(int axis, int inputStep, int outputStep, Func<double, double>? ofConstant)
    {
        var blocks = new AxisBlocks(AxisRef.OfInput(0, axis), inputStep, AxisRef.OfOutput(0, axis), outputStep);
        return new ChannelBlocks(blocks, axis, ofConstant);
    }

    private IEnumerable<AlignedAxes> LeadingAxes() => Enumerable.Range(0, ChannelAxis).Select(axis => AlignedAxes.Of(axis, axis));

    private static double ZeroOnly(double value) => value == 0 ? 0 : double.NaN;
}

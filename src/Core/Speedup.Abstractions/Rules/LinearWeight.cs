using static TorchSharp.torch;

namespace Speedup.Abstractions;

/// <summary>Reads the weight of a linear map by output and by input within its group, whichever way it is laid out.</summary>
internal readonly struct LinearWeight
{
    private readonly ParameterFacts _weight;
    private readonly bool _transposed;
    private readonly int _inPerGroup;
    private readonly int _outPerGroup;

    /// <summary>The weight of an operator.</summary>
    /// <param name="op">The operator.</param>
    /// <param name="inPerGroup">Input channels of a group.</param>
    /// <param name="outPerGroup">Output channels of a group.</param>
    /// <param name="transposed">Whether inputs come first, as in a transposed convolution.</param>
    public LinearWeight(IOperator op, int inPerGroup, int outPerGroup, bool transposed)
    {
        _weight = op.FindParameter("weight")!;
        _transposed = transposed;
        _inPerGroup = inPerGroup;
        _outPerGroup = outPerGroup;
    }

    /// <summary>Whether the mask prunes all that input <paramref name="column"/> of the group adds to an output.</summary>
    public bool IsZero(int output, int column)
    {
        if (_weight.Pattern is not { } pattern)
            return false;
        return _transposed ? pattern.IsZero(TransposedRow(output, column), output % _outPerGroup) : pattern.IsZero(output, column);
    }

    /// <summary>Whether the mask is known to prune all that an output reads.</summary>
    public bool IsRowZero(int output) => !_transposed && _weight.Pattern?.IsRowZero(output) == true;

    /// <summary>What a constant 1 on an input adds to an output where the whole kernel sees it.</summary>
    public double KernelSum(int output, int column) =>
        _transposed
            ? _weight.KernelSums[(TransposedRow(output, column) * _outPerGroup) + (output % _outPerGroup)]
            : _weight.KernelSums[(output * _inPerGroup) + column];

    /// <summary>Turns <c>[in, out / groups, ...]</c> into <c>[out, in / groups, ...]</c> and back: it is its own inverse.</summary>
    public static Tensor SwapWithinGroups(Tensor weight, long groups)
    {
        long[] shape = weight.shape;
        long firstPerGroup = shape[0] / groups;
        Tensor blocks = weight.reshape(groups, firstPerGroup, shape[1], -1).transpose(1, 2);
        return blocks.reshape([groups * shape[1], firstPerGroup, .. shape[2..]]).contiguous();
    }

    private int TransposedRow(int output, int column) => (output / _outPerGroup * _inPerGroup) + column;
}

using static TorchSharp.torch;

namespace Speedup.Abstractions;

/// <summary>
/// Moves the constants of removed input channels into what stays. With constants v and weights w, the removed inputs add
/// <c>sum of v_i * sum over the kernel of w[o, i]</c> to output o wherever the whole kernel sees them: that is a bias. Under
/// zero padding it is not the same at the border; but a kept channel with constant v_c and weights
/// <c>w[o, c] + sum of (v_i / v_c) * w[o, i]</c> is, because it meets the same zeros.
/// </summary>
internal sealed class ConstantFold
{
    private readonly IReplacement _replacement;
    private readonly AxisRef _input;
    private readonly int _groups;
    private readonly double[] _constants;

    /// <summary>Reads the constants of the removed inputs.</summary>
    /// <param name="replacement">The operator that is made smaller.</param>
    /// <param name="input">Its axis of input channels.</param>
    /// <param name="groups">Groups of input channels, each of which is read by outputs of its own.</param>
    public ConstantFold(IReplacement replacement, AxisRef input, int groups)
    {
        _replacement = replacement;
        _input = input;
        _groups = groups;
        _constants = [.. Enumerable.Range(0, replacement.Facts(input).Length).Select(i => replacement.FoldedConstant(input, i))];
    }

    /// <summary>The bias with all constants added, computed in float64; creates one where a constant needs it.</summary>
    public Tensor? IntoBias(Tensor weight, Tensor? bias)
    {
        if (Array.TrueForAll(_constants, value => value == 0))
            return bias;
        (Tensor columns, Tensor constants) = _groups == 1 ? SelectRead(weight, _constants) : (weight, ToTensor(_constants, weight));
        // [out, in / groups] x [groups, in / groups], block by block
        Tensor sums = columns.reshape(columns.shape[0], columns.shape[1], -1).sum(2, type: ScalarType.Float64);
        Tensor blocks = sums.reshape(_groups, -1, sums.shape[1]);
        Tensor added = blocks.matmul(constants.reshape(_groups, -1, 1)).flatten();
        Tensor total = bias is null ? added : added + bias.to(ScalarType.Float64);
        return total.to(weight.dtype);
    }

    /// <summary>Lets the carrier columns of a weight, which is written, take over the constants of their group.</summary>
    public void IntoCarriers(Tensor weight)
    {
        if (Array.TrueForAll(_constants, value => value == 0))
            return;
        AxisFacts input = _replacement.Facts(_input);
        var kept = _replacement.Kept(_input).ToHashSet();
        int inPerGroup = _constants.Length / _groups;
        long outPerGroup = weight.shape[0] / _groups;
        for (int group = 0; group < _groups; group++)
        {
            double[] constants = _constants[(group * inPerGroup)..((group + 1) * inPerGroup)];
            int carrier = Array.TrueForAll(constants, value => value == 0) ? -1 : GroupCarrier.Find(input, _groups, group, kept.Contains);
            if (carrier < 0)
                continue;
            double value = input.ConstantAt(carrier);
            Tensor rows = weight.narrow(0, group * outPerGroup, outPerGroup);
            (Tensor columns, Tensor ratios) = SelectRead(rows, [.. constants.Select(constant => constant / value)]);
            long[] perColumn = [1, -1, .. Enumerable.Repeat(1L, (int)weight.dim() - 2)];
            Tensor carried = (columns.to(ScalarType.Float64) * ratios.reshape(perColumn)).sum(1);
            rows.select(1, carrier % inPerGroup).add_(carried.to(weight.dtype));
        }
    }

    /// <summary>The columns with a factor that is not zero, and those factors: mostly few of many.</summary>
    private static (Tensor Columns, Tensor Factors) SelectRead(Tensor weight, double[] factors)
    {
        long[] read = [.. Enumerable.Range(0, factors.Length).Where(column => factors[column] != 0).Select(column => (long)column)];
        return (weight.index_select(1, tensor(read, device: weight.device)), ToTensor([.. read.Select(column => factors[column])], weight));
    }

    private static Tensor ToTensor(double[] values, Tensor like) => tensor(values, dtype: ScalarType.Float64, device: like.device);
}

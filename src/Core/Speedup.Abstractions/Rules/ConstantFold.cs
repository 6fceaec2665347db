using TorchSharp;
using static TorchSharp.torch;

namespace Speedup.Abstractions;

/// <summary>
/// Moves the constants of removed input channels into what stays. With constants v and weights w, the removed inputs add
/// <c>sum of v_i * sum over the kernel of w[o, i]</c> to output o wherever the whole kernel sees them: that is a bias. Under
/// zero padding it is not the same at the border; but a kept channel with constant v_c and weights
/// <c>w[o, c] + sum of (v_i / v_c) * w[o, i]</c> is, because it meets the same zeros.
/// </summary>
internal sealed class ConstantFold(LinearMap map, IReplacement replacement)
{
    private readonly int _inputLength = replacement.Facts(map.Input).Length;

    /// <summary>The bias with all constants added, computed in float64; creates one where a constant needs it.</summary>
    public Tensor? IntoBias(Tensor weight, Tensor? bias)
    {
        Tensor constants = ReadConstants(_ => 1);
        if (constants.eq(0).all().ToBoolean())
            return bias;
        constants = constants.to(weight.device);
        // [out, in / groups] x [groups, in / groups], block by block
        Tensor sums = weight.reshape(weight.shape[0], weight.shape[1], -1).sum(2, type: ScalarType.Float64);
        Tensor perGroup = constants.reshape(map.Groups, -1, 1);
        Tensor blocks = sums.reshape(map.Groups, -1, sums.shape[1]);
        Tensor added = blocks.matmul(perGroup).flatten();
        Tensor total = bias is null ? added : added + bias.to(ScalarType.Float64);
        return total.to(weight.dtype);
    }

    /// <summary>The weight whose carrier columns have taken over the constants of their group.</summary>
    public Tensor IntoCarriers(Tensor weight)
    {
        var kept = replacement.Kept(map.Input).Select(i => (int)i).ToHashSet();
        long inPerGroup = _inputLength / map.Groups;
        long outPerGroup = weight.shape[0] / map.Groups;
        Tensor? folded = null;
        for (int group = 0; group < map.Groups; group++)
        {
            int carrier = map.FindCarrier(replacement, group, kept.Contains);
            if (carrier < 0)
                continue;
            double value = replacement.Facts(map.Input).ConstantAt(carrier);
            int current = group;
            Tensor ratios = ReadConstants(i => i / inPerGroup == current ? 1 / value : 0);
            if (ratios.eq(0).all().ToBoolean())
                continue;
            Tensor mine = ratios.narrow(0, group * inPerGroup, inPerGroup).to(weight.device);
            Tensor block = weight.narrow(0, group * outPerGroup, outPerGroup).to(ScalarType.Float64);
            Tensor carried = (block * mine.reshape([1, -1, .. Enumerable.Repeat(1L, (int)weight.dim() - 2)])).sum(1);
            folded ??= weight.clone();
            Tensor column = folded.narrow(0, group * outPerGroup, outPerGroup).select(1, carrier % inPerGroup);
            column.add_(carried.to(weight.dtype));
        }
        return folded ?? weight;
    }

    private Tensor ReadConstants(Func<int, double> scale) =>
        tensor(
            Enumerable
                .Range(0, _inputLength)
                .Select(i => replacement.FoldedConstant(map.Input, i) is var v && v != 0 ? v * scale(i) : 0)
                .ToArray(),
            dtype: ScalarType.Float64
        );
}

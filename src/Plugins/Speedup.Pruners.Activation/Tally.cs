using static TorchSharp.torch;

namespace Speedup.Pruners.Activation;

/// <summary>Sums of a layer's channels.</summary>
internal sealed class Tally(nn.Module layer, int channels)
{
    private readonly long _weightRank = layer.get_parameter("weight")!.dim();
    private readonly double[] _sums = new double[channels];
    private long _count;

    /// <summary>Adds an output of the layer: channels before the positions of a kernel; last for a fully connected layer; second for a norm.</summary>
    public void Add(Tensor values)
    {
        using var scope = NewDisposeScope();
        long axis = _weightRank == 1 ? 1 : values.dim() - _weightRank + 1;
        Tensor rows = values.movedim([axis], [0]).reshape(_sums.Length, -1);
        double[] sums = rows.sum(1).cpu().data<double>().ToArray();
        for (int i = 0; i < sums.Length; i++)
            _sums[i] += sums[i];
        _count += rows.shape[1];
    }

    /// <summary>The mean of each channel; null where nothing was added.</summary>
    public double[]? Means() => _count == 0 ? null : [.. _sums.Select(sum => sum / _count)];
}

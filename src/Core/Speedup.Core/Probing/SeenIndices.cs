using static TorchSharp.torch;

namespace Speedup.Core.Probing;

/// <summary>Which index of an output each index of an axis has been seen to reach, over all samples.</summary>
internal sealed class SeenIndices(int length)
{
    private readonly double[] _low = [.. Enumerable.Repeat(double.PositiveInfinity, length)];
    private readonly double[] _high = [.. Enumerable.Repeat(double.NegativeInfinity, length)];
    private bool _mixed;

    /// <summary>Whether every index was seen, and always reached the same one.</summary>
    public bool IsUnique => !_mixed && _low.SequenceEqual(_high);

    /// <summary>Notes that elements reach several indices.</summary>
    public void Mix() => _mixed = true;

    /// <summary>Notes the lowest and the highest index reached, counted from 1; infinite where none was.</summary>
    public void Add(Tensor low, Tensor high)
    {
        double[] lows = low.data<double>().ToArray();
        double[] highs = high.data<double>().ToArray();
        for (int i = 0; i < length; i++)
        {
            _low[i] = Math.Min(_low[i], lows[i]);
            _high[i] = Math.Max(_high[i], highs[i]);
        }
    }

    /// <summary>The index that each index reaches, counted from 0.</summary>
    public int[] ReadMap() => [.. _low.Select(index => (int)index - 1)];
}

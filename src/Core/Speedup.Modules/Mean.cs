using static TorchSharp.torch;

namespace Speedup.Modules;

/// <summary>Means over axes, as <c>x.mean</c> does: <c>new Mean([2, 3])</c> is global average pooling.</summary>
public sealed class Mean : AxisReduction
{
    /// <summary>Creates the module.</summary>
    /// <param name="dims">The axes, from the back if negative; at least one, each once.</param>
    /// <param name="keepdim">Whether they stay, with length 1.</param>
    /// <exception cref="ArgumentException">There is no axis, or one twice.</exception>
    public Mean(IEnumerable<long> dims, bool keepdim = false)
        : base(nameof(Mean), dims, keepdim) { }

    private protected override Tensor Reduce(Tensor input, long[] dims) => input.mean(dims, keepdim: KeepDim);
}

using static TorchSharp.torch;

namespace Speedup.Modules;

/// <summary>Sums over axes, as <c>x.sum</c> does.</summary>
public sealed class Sum : AxisReduction
{
    /// <summary>Creates the module.</summary>
    /// <param name="dims">The axes, from the back if negative; at least one, each once.</param>
    /// <param name="keepdim">Whether they stay, with length 1.</param>
    /// <exception cref="ArgumentException">There is no axis, or one twice.</exception>
    public Sum(IEnumerable<long> dims, bool keepdim = false)
        : base(nameof(Sum), dims, keepdim) { }

    private protected override Tensor Reduce(Tensor input, long[] dims) => input.sum(dims, keepdim: KeepDim);
}

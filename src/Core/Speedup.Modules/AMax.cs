using static TorchSharp.torch;

namespace Speedup.Modules;

/// <summary>Maxima over axes, as <c>x.amax</c> does: <c>new AMax([2, 3])</c> is global max pooling.</summary>
public sealed class AMax : AxisReduction
{
    /// <summary>Creates the module.</summary>
    /// <param name="dims">The axes, from the back if negative; at least one, each once.</param>
    /// <param name="keepdim">Whether they stay, with length 1.</param>
    /// <exception cref="ArgumentException">There is no axis, or one twice.</exception>
    public AMax(IEnumerable<long> dims, bool keepdim = false)
        : base(nameof(AMax), dims, keepdim) { }

    private protected override Tensor Reduce(Tensor input, long[] dims) => input.amax(dims, keepdim: KeepDim);
}

using static TorchSharp.torch;

namespace Speedup.Abstractions;

/// <summary>Takes of tensors what stays.</summary>
public static class KeptSlices
{
    /// <summary>The slices of a tensor at the indices of an axis that stay.</summary>
    /// <param name="replacement">What stays.</param>
    /// <param name="tensor">The tensor; it stays the caller's.</param>
    /// <param name="dimension">The axis of the tensor that is cut, as long as <paramref name="axis"/>.</param>
    /// <param name="axis">The axis of the operator whose indices stay or go.</param>
    /// <returns>A new tensor; it belongs to the caller.</returns>
    public static Tensor SelectKept(this IReplacement replacement, Tensor tensor, long dimension, AxisRef axis)
    {
        ArgumentNullException.ThrowIfNull(replacement);
        ArgumentNullException.ThrowIfNull(tensor);
        using Tensor indices = IndexTensor.Of(replacement.Kept(axis), tensor.device);
        return tensor.index_select(dimension, indices);
    }
}

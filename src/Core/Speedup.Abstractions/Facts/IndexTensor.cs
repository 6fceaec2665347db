using static TorchSharp.torch;

namespace Speedup.Abstractions;

/// <summary>Indices of an axis as the native library takes them.</summary>
internal static class IndexTensor
{
    /// <summary>Indices as a tensor of 64-bit numbers; it belongs to the caller.</summary>
    public static Tensor Of(IReadOnlyList<int> indices, Device device) => tensor([.. indices.Select(i => (long)i)], device: device);
}

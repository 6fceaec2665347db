using static TorchSharp.torch;

namespace Speedup.Modules;

/// <summary>Checks what the modules are given.</summary>
internal static class Tensors
{
    /// <summary>The tensors, if there are any.</summary>
    public static Tensor[] AtLeastOne(Tensor[] input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.Length > 0 ? input : throw new ArgumentException("At least one tensor is needed.", nameof(input));
    }
}

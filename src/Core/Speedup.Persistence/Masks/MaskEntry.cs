using static TorchSharp.torch;

namespace Speedup.Persistence.Masks;

/// <summary>The mask of one parameter.</summary>
/// <param name="ModulePath">Dotted path of the module from the root; empty for the root itself.</param>
/// <param name="Parameter">Name of the parameter, or of a buffer that serves as a weight, within the module.</param>
/// <param name="Mask">Tensor of the parameter's shape: 1 keeps an entry, 0 prunes it.</param>
public sealed record MaskEntry(string ModulePath, string Parameter, Tensor Mask)
{
    /// <summary>Counts what this mask prunes.</summary>
    /// <returns>The figures of this mask alone.</returns>
    public MaskSparsity MeasureSparsity()
    {
        using var scope = NewDisposeScope();
        long kept = Mask.count_nonzero().item<long>();
        return new MaskSparsity(Mask.NumberOfElements, Mask.NumberOfElements - kept);
    }
}
